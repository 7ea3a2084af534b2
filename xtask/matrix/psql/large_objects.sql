\set ECHO all
\lo_import :file 'a comment'
\set object :LASTOID
select :object > 0;
select pageno, length(data) from pg_largeobject where loid = :object order by 1 limit 3;
select length(lo_get(:object)), lo_get(:object, 10, 5);
\lo_export :object object.back
begin;
select lo_open(:object, 131072 | 262144) as fd \gset
select lo_lseek(:fd, 5, 0), lowrite(:fd, 'hello'), lo_tell(:fd);
select lo_lseek(:fd, 0, 0), loread(:fd, 12);
commit;
\lo_unlink :object
\lo_export 4000000000 nothing
\lo_unlink 4000000000
