"""What the scenario keeps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100, unique=True)
    tags = ArrayField(models.TextField(), default=list)
    more = models.JSONField(default=dict)
    born = models.DateTimeField(null=True)


class Book(models.Model):
    title = models.TextField(db_index=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    cover = models.BinaryField(null=True)
    number = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="price_is_positive")]
