\set ECHO all
\d
\dt+ cities
\d+ cities
\d+ people
\d happy
\d+ per_city
\d+ kinds
\d+ kinds_low
\d other.counter
\di+ people_by_city
\dv
\dm
\df+ twice
\df
\sf fill
\sv happy
\dT+
\dD+
\dn+
\dp cities
\ddp
\dRp+
\dX
\dx
\dy
\dl
\dO
\dc utf8*
\dC mood
\db
\dF english
\dL
\dAo btree int4_ops
\do =
\da count
\dd cities
\det
\dPi
\d no_such_table
\z cities
\h abort
