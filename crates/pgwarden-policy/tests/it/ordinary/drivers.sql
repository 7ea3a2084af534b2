# psycopg 3 and 2, asyncpg (introspection of types), pg8000, node-postgres, postgres.js, ruby-pg, DBD::Pg, PDO, lib/pq, Diesel, sqlx, tokio-postgres, in their programs of the compatibility matrix; servers 15 and 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
select pg_backend_pid() = $1
====
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
====
select '[1,5)'::int4range, '1.2.3.4'::inet, '{{1,2},{3,4}}'::int[], row(1, 'a'), 'infinity'::float8
==== 2
create type mood as enum ('sad', 'grüße'); create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)
====
SAVEPOINT "_pg3_1"
====
SELECT name, oid, array_oid, regtype, array_agg(label) AS labels
FROM (
    SELECT
        t.typname AS name, t.oid AS oid, t.typarray AS array_oid,
        t.oid::regtype::text AS regtype, e.enumlabel AS label
    FROM pg_type t
    LEFT JOIN  pg_enum e
    ON e.enumtypid = t.oid
    WHERE t.oid = to_regtype($1)
    ORDER BY e.enumsortorder
) x
GROUP BY name, oid, array_oid, regtype

====
RELEASE "_pg3_1"
====
select '{[1,2),[3,4)}'::int4multirange
====
ROLLBACK TO "_pg3_2"
====
insert into person (name, age) values ($1, $2) returning id
====
select name from person where id = $1
====
select name, statement from pg_prepared_statements order by statement
====
select * from person where id = $1
====
alter table person add column extra text default 'new'
====
select $1::int + 0
====
select $1::int, $2
====
insert into person (name) values ('piped') returning name
====
select 10 / $1
====
select count(*) from person where name = 'in a block'
====
select $1
====
DECLARE "named" CURSOR FOR select g, repeat('x', g) from generate_series(1, $1) g
====
FETCH FORWARD 7 FROM "named"
====
CLOSE "named"
====
DECLARE "scroll" SCROLL CURSOR WITH HOLD FOR select generate_series(1, 100)
====
MOVE 50 FROM "scroll"
====
FETCH FORWARD 3 FROM "scroll"
====
FETCH FORWARD ALL FROM "scroll"
====
CLOSE "scroll"
====
select generate_series(1, 100) g
====
select  E'it''s \\', '{1,2}'::int2[]
====
select $1::int + $2
====
select 'value' as "na""me"
====
create table bulk (id int, name text, at timestamptz)
==== 2
create temp table if not exists noted (i int); create temp table if not exists noted (i int)
====
listen "Other"
====
set client_encoding to 'LATIN1'
====
select 'grüße' || $1
====
select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'
====
set local statement_timeout = '50ms'
====
PREPARE TRANSACTION 'gid'
====
select $1::int
====
select 7, 1099511627776, 12345678901234567890.123456789, 1.5, 'grüße ☃ \ '' " 𝄞', '\x0001ff5c27'::bytea, true, NULL, '2024-02-29T23:59:59.999999+00:00'::timestamptz, '0001-01-01'::date, '3 days 5.000000 seconds'::interval, ARRAY[1,2,3], ARRAY['a','b,c','d"e'], '00000000-0000-0000-0000-000000000005'::uuid, '{"k": ["v", null, 1.5]}'
====
select '[1,5)'::int4range, '{"a": 1}'::jsonb, '1.2.3.4'::inet, 'infinity'::timestamp::text, null::int[], '{{1,2},{3,4}}'::int[]
==== 3
insert into person (name) values ('first'); savepoint one; insert into person (name) values ('second')
==== 3
rollback to savepoint one; insert into person (name) values ('third'); release one
====
select name from person order by name
====
prepare plan as select * from person where id = $1
====
execute plan (1)
====
deallocate plan
====
DECLARE "forward" CURSOR WITHOUT HOLD FOR select g, repeat('x', g) from generate_series(1, 40) g
====
FETCH FORWARD 7 FROM "forward"
====
CLOSE "forward"
====
MOVE ABSOLUTE 10 FROM "scroll"
====
DECLARE "lost" CURSOR WITHOUT HOLD FOR select 1
====
select g, md5(g::text) from generate_series(1, 50000) g
====
do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; raise info 'for your information'; end $$
==== 3
set local client_min_messages = debug1; create temp table noted_more (i int primary key); reset client_min_messages
====
select 'grüße' || 'é', octet_length('grüße')
====
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE
====
show transaction_isolation; 
==== 3
set datestyle = 'SQL, DMY'; set standard_conforming_strings = off; set application_name = 'grüße'
====
reset all
====
SET default_transaction_read_only TO DEFAULT
====
SET default_transaction_deferrable TO DEFAULT
==== 2
listen channel; listen "Other"
====
BEGIN READ WRITE NOT DEFERRABLE
==== 3
notify channel, 'one'; select pg_notify('Other', 'grüße'); notify channel
====
select 1 from pg_stat_activity where pid = 22282 and state = 'active' and query like '%pg_sleep%'
==== 2
set local statement_timeout = '50ms'; select pg_sleep(60)
====
lock table person
==== 2
set local lock_timeout = '50ms'; select 1 from person
====
select pg_backend_pid()
====
select $1::int4
====
select $1::numeric
====
select $1::float8
====
select $1::bool
====
select $1::timestamptz
====
select $1::date
====
select $1::time
====
select $1::interval
====

                    SELECT
                        current_setting('jit') AS cur,
                        set_config('jit', 'off', false) AS new
                    
====
WITH RECURSIVE typeinfo_tree(
    oid, ns, name, kind, basetype, elemtype, elemdelim,
    range_subtype, attrtypoids, attrnames, depth)
AS (
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, 0
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 AS ti
    WHERE
        ti.oid = any($1::oid[])

    UNION ALL

    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, tt.depth + 1
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid

                    UNION ALL

                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)

               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)

                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 ti,
        typeinfo_tree tt
    WHERE
        (tt.elemtype IS NOT NULL AND ti.oid = tt.elemtype)
        OR (tt.attrtypoids IS NOT NULL AND ti.oid = any(tt.attrtypoids))
        OR (tt.range_subtype IS NOT NULL AND ti.oid = tt.range_subtype)
        OR (tt.basetype IS NOT NULL AND ti.oid = tt.basetype)
)

SELECT DISTINCT
    *,
    basetype::regtype::text AS basetype_name,
    elemtype::regtype::text AS elemtype_name,
    range_subtype::regtype::text AS range_subtype_name
FROM
    typeinfo_tree
ORDER BY
    depth DESC

====

                SELECT
                    set_config('jit', $1, false)
                
====
select $1::int4[]
====
select $1::text[]
====
select $1::uuid
====
select $1::jsonb
====
select $1::int4range
====
select $1::inet
====
select $1::point
====
select $1::bit
==== 3
create type mood as enum ('sad', 'grüße'); create type pair as (a int, m mood); create domain positive as int check (value > 0)
====
select 'sad'::mood, row(1, 'grüße')::pair, array[row(1, 'sad')::pair], 5::positive
====
select $1::mood, $2::pair, $3::positive
====
select '[1]'::jsonb
====
create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)
====
SAVEPOINT __asyncpg_savepoint_28__;
====
ROLLBACK TO __asyncpg_savepoint_28__;
====
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE;
====
select count(*) from person where name in ('fresh', 'never')
====
EXPLAIN (FORMAT JSON, VERBOSE) select * from person where id = $1
====
execute own
==== 4
SELECT pg_advisory_unlock_all();
CLOSE ALL;
UNLISTEN *;
RESET ALL;
====
select generate_series(1, $1::int)
====
MOVE FORWARD 10 __asyncpg_portal_b1__
====
SELECT quote_literal($1::"pg_catalog"."int4"::text)
====
LISTEN "channel"
==== 2
notify channel, 'one'; notify channel
====
select count(*) from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'
====
select $1::int * 2
==== 3
set search_path = pg_catalog; listen other; create temp table mine ()
====
select cast($1 as int)
====
select cast($1 as int8)
====
select cast($1 as numeric)
====
select cast($1 as float8)
====
select cast($1 as text)
====
select cast($1 as bytea)
====
select cast($1 as bool)
====
select cast($1 as timestamptz)
====
select cast($1 as date)
====
select cast($1 as interval)
====
select cast($1 as int[])
====
select cast($1 as text[])
====
select cast($1 as uuid)
====
select cast($1 as jsonb)
====
select cast($1 as int4range)
====
start transaction
====
savepoint one
====
rollback to one
====
begin transaction
====
select $1::int, $2::text
====
PREPARE TRANSACTION 'gid';
====
select pg_backend_pid() as pid
====
select current_setting('client_encoding') as encoding, current_setting('application_name') as application
====
select $1::int, $2::int8, $3::numeric, $4::float8, $5::text, $6::bytea, $7::bool, $8::text, $9::timestamptz, $10::date, $11::interval, $12::int[], $13::text[], $14::uuid, $15::jsonb
====
select $1::int as n
====
insert into person (name, age) values ($1, $2) returning age
====
select g from generate_series(1, $1::int) g
====
select 10 / (3 - g) as n from generate_series(1, 5) g
====
select 'next' as n
====
select $1::text as value
====
select $1::bytea as value
====
select pg_cancel_backend($1)
====
select current_setting('server_version_num')::int >= 140000 as waits
====
select pg_terminate_backend($1, 10000) as terminated
====
select current_setting('statement_timeout') as t, current_setting('search_path') as s
====

      select b.oid, b.typarray
      from pg_catalog.pg_type a
      left join pg_catalog.pg_type b on b.oid = a.typelem
      where a.typcategory = 'A'
      group by b.oid, b.typarray
      order by b.oid
    
====
select $1::int, $2::int8, $3::numeric, $4::text, $5::bytea, $6::bool, $7::text, $8::timestamptz, $9::int[], $10::text[], $11::jsonb
====
select 1 as one, 'x'::varchar(3) as two
====
select 1, null, 'é'
==== 2
select 1 as one; select 2 as two
====
select $1::int as n, 10 / $2::int as q
====
insert into person ("name","age")values($1,$2),($3,$4),($5,$6),($7,$8),($9,$10),($11,$12),($13,$14),($15,$16),($17,$18),($19,$20),($21,$22),($23,$24),($25,$26),($27,$28),($29,$30),($31,$32),($33,$34),($35,$36),($37,$38),($39,$40),($41,$42),($43,$44),($45,$46),($47,$48),($49,$50),($51,$52),($53,$54),($55,$56),($57,$58),($59,$60),($61,$62),($63,$64),($65,$66),($67,$68),($69,$70),($71,$72),($73,$74),($75,$76),($77,$78),($79,$80),($81,$82),($83,$84),($85,$86),($87,$88),($89,$90),($91,$92),($93,$94),($95,$96),($97,$98),($99,$100),($101,$102),($103,$104),($105,$106),($107,$108),($109,$110),($111,$112),($113,$114),($115,$116),($117,$118),($119,$120),($121,$122),($123,$124),($125,$126),($127,$128),($129,$130),($131,$132),($133,$134),($135,$136),($137,$138),($139,$140),($141,$142),($143,$144),($145,$146),($147,$148),($149,$150),($151,$152),($153,$154),($155,$156),($157,$158),($159,$160),($161,$162),($163,$164),($165,$166),($167,$168),($169,$170),($171,$172),($173,$174),($175,$176),($177,$178),($179,$180),($181,$182),($183,$184),($185,$186),($187,$188),($189,$190),($191,$192),($193,$194),($195,$196),($197,$198),($199,$200),($201,$202),($203,$204),($205,$206),($207,$208),($209,$210),($211,$212),($213,$214),($215,$216),($217,$218),($219,$220),($221,$222),($223,$224),($225,$226),($227,$228),($229,$230),($231,$232),($233,$234),($235,$236),($237,$238),($239,$240),($241,$242),($243,$244),($245,$246),($247,$248),($249,$250),($251,$252),($253,$254),($255,$256),($257,$258),($259,$260),($261,$262),($263,$264),($265,$266),($267,$268),($269,$270),($271,$272),($273,$274),($275,$276),($277,$278),($279,$280),($281,$282),($283,$284),($285,$286),($287,$288),($289,$290),($291,$292),($293,$294),($295,$296),($297,$298),($299,$300),($301,$302),($303,$304),($305,$306),($307,$308),($309,$310),($311,$312),($313,$314),($315,$316),($317,$318),($319,$320),($321,$322),($323,$324),($325,$326),($327,$328),($329,$330),($331,$332),($333,$334),($335,$336),($337,$338),($339,$340),($341,$342),($343,$344),($345,$346),($347,$348),($349,$350),($351,$352),($353,$354),($355,$356),($357,$358),($359,$360),($361,$362),($363,$364),($365,$366),($367,$368),($369,$370),($371,$372),($373,$374),($375,$376),($377,$378),($379,$380),($381,$382),($383,$384),($385,$386),($387,$388),($389,$390),($391,$392),($393,$394),($395,$396),($397,$398),($399,$400),($401,$402),($403,$404),($405,$406),($407,$408),($409,$410),($411,$412),($413,$414),($415,$416),($417,$418),($419,$420),($421,$422),($423,$424),($425,$426),($427,$428),($429,$430),($431,$432),($433,$434),($435,$436),($437,$438),($439,$440),($441,$442),($443,$444),($445,$446),($447,$448),($449,$450),($451,$452),($453,$454),($455,$456),($457,$458),($459,$460),($461,$462),($463,$464),($465,$466),($467,$468),($469,$470),($471,$472),($473,$474),($475,$476),($477,$478),($479,$480),($481,$482),($483,$484),($485,$486),($487,$488),($489,$490),($491,$492),($493,$494),($495,$496),($497,$498),($499,$500),($501,$502),($503,$504),($505,$506),($507,$508),($509,$510),($511,$512),($513,$514),($515,$516),($517,$518),($519,$520),($521,$522),($523,$524),($525,$526),($527,$528),($529,$530),($531,$532),($533,$534),($535,$536),($537,$538),($539,$540),($541,$542),($543,$544),($545,$546),($547,$548),($549,$550),($551,$552),($553,$554),($555,$556),($557,$558),($559,$560),($561,$562),($563,$564),($565,$566),($567,$568),($569,$570),($571,$572),($573,$574),($575,$576),($577,$578),($579,$580),($581,$582),($583,$584),($585,$586),($587,$588),($589,$590),($591,$592),($593,$594),($595,$596),($597,$598),($599,$600),($601,$602),($603,$604),($605,$606),($607,$608),($609,$610),($611,$612),($613,$614),($615,$616),($617,$618),($619,$620),($621,$622),($623,$624),($625,$626),($627,$628),($629,$630),($631,$632),($633,$634),($635,$636),($637,$638),($639,$640),($641,$642),($643,$644),($645,$646),($647,$648),($649,$650),($651,$652),($653,$654),($655,$656),($657,$658),($659,$660),($661,$662),($663,$664),($665,$666),($667,$668),($669,$670),($671,$672),($673,$674),($675,$676),($677,$678),($679,$680),($681,$682),($683,$684),($685,$686),($687,$688),($689,$690),($691,$692),($693,$694),($695,$696),($697,$698),($699,$700),($701,$702),($703,$704),($705,$706),($707,$708),($709,$710),($711,$712),($713,$714),($715,$716),($717,$718),($719,$720),($721,$722),($723,$724),($725,$726),($727,$728),($729,$730),($731,$732),($733,$734),($735,$736),($737,$738),($739,$740),($741,$742),($743,$744),($745,$746),($747,$748),($749,$750),($751,$752),($753,$754),($755,$756),($757,$758),($759,$760),($761,$762),($763,$764),($765,$766),($767,$768),($769,$770),($771,$772),($773,$774),($775,$776),($777,$778),($779,$780),($781,$782),($783,$784),($785,$786),($787,$788),($789,$790),($791,$792),($793,$794),($795,$796),($797,$798),($799,$800),($801,$802),($803,$804),($805,$806),($807,$808),($809,$810),($811,$812),($813,$814),($815,$816),($817,$818),($819,$820),($821,$822),($823,$824),($825,$826),($827,$828),($829,$830),($831,$832),($833,$834),($835,$836),($837,$838),($839,$840),($841,$842),($843,$844),($845,$846),($847,$848),($849,$850),($851,$852),($853,$854),($855,$856),($857,$858),($859,$860),($861,$862),($863,$864),($865,$866),($867,$868),($869,$870),($871,$872),($873,$874),($875,$876),($877,$878),($879,$880),($881,$882),($883,$884),($885,$886),($887,$888),($889,$890),($891,$892),($893,$894),($895,$896),($897,$898),($899,$900),($901,$902),($903,$904),($905,$906),($907,$908),($909,$910),($911,$912),($913,$914),($915,$916),($917,$918),($919,$920),($921,$922),($923,$924),($925,$926),($927,$928),($929,$930),($931,$932),($933,$934),($935,$936),($937,$938),($939,$940),($941,$942),($943,$944),($945,$946),($947,$948),($949,$950),($951,$952),($953,$954),($955,$956),($957,$958),($959,$960),($961,$962),($963,$964),($965,$966),($967,$968),($969,$970),($971,$972),($973,$974),($975,$976),($977,$978),($979,$980),($981,$982),($983,$984),($985,$986),($987,$988),($989,$990),($991,$992),($993,$994),($995,$996),($997,$998),($999,$1000) returning id
====
select count(*) from person where age in ($1,$2,$3)
====
savepoint "s0"
====
rollback to "s0"
====
select 2 as two
====
begin isolation level serializable read only
====
select name from person where age is null
====
commit prepared 'gid'
====
select statement from pg_prepared_statements where statement like '%where id%' order by 1
====
select generate_series(1, $1::int) as g
====
select generate_series(1, 1000000) as g
====

          select
            lo_lseek64($1, location, 0) as position,
            seek.size
          from (
            select
              lo_lseek64($1, 0, 2) as size,
              tell.location
            from (select lo_tell64($1) as location) tell
          ) seek
        
====
select lo_lseek64($1, $2, $3)
====
select lo_close($1)
====
unlisten "channel"
====
select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()
====
select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)' and pid = $1
====
set search_path = pg_catalog
====
select $1::int, $2::int8, $3::numeric, $4::float8, $5::text, $6::bool, $7::text, $8::timestamptz, $9::int[], $10::jsonb
==== 2
insert into person (name) values ('first'); savepoint one
==== 2
insert into person (name) values ('gone'); select 1/0
====
deallocate "by id"
====
do $$ begin raise notice 'hello ☃'; raise warning 'careful'; end $$
==== 2
listen channel; notify channel, 'grüße'
====
select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and pid = 22392
==== 2
set statement_timeout = '50ms'; select pg_sleep(60)
====
show statement_timeout
====
set client_min_messages = notice
====
select $1::int, $2::int8, $3::numeric, $4::text, $5::bytea, $6::bool, $7::timestamptz, $8::int[], $9::text[], $10::jsonb, $11::text
====
DEALLOCATE dbdpg_p22403_1
====
release one
====
declare c scroll cursor for select generate_series(1, 1000)
====
fetch backward 1 from c
====
fetch absolute 500 from c
====
close c
====
do $$ begin raise notice 'hello'; raise warning 'careful' using hint = 'a hint'; end $$
==== 2
create table parent (a int primary key); create table child (b int references parent, n numeric(10,2) default 5)
====

                SELECT pg_catalog.quote_ident(pg_catalog.current_database()) AS "TABLE_CAT"
                     , pg_catalog.quote_ident(n.nspname) AS "TABLE_SCHEM"
                     , pg_catalog.quote_ident(c.relname) AS "TABLE_NAME"
                       -- any temp table or temp view is LOCAL TEMPORARY for us
                     , CASE WHEN pg_catalog.quote_ident(n.nspname) ~ '^pg_(toast_)?temp_' THEN
                                 'LOCAL TEMPORARY'
                            WHEN c.relkind ~ 'r|p' THEN
                                 CASE WHEN pg_catalog.quote_ident(n.nspname) ~ '^pg_' THEN
                                           'SYSTEM TABLE'
                                      ELSE 'TABLE'
                                  END
                            WHEN c.relkind = 'v' THEN
                                 CASE WHEN pg_catalog.quote_ident(n.nspname) ~ '^pg_' THEN
                                           'SYSTEM VIEW'
                                      ELSE 'VIEW'
                                  END
                            WHEN c.relkind = 'm' THEN
                                 CASE WHEN pg_catalog.quote_ident(n.nspname) ~ '^pg_' THEN
                                           'SYSTEM MATERIALIZED VIEW'
                                      ELSE 'MATERIALIZED VIEW'
                                  END
                            WHEN c.relkind = 'f' THEN
                                 CASE WHEN pg_catalog.quote_ident(n.nspname) ~ '^pg_' THEN
                                           'SYSTEM FOREIGN TABLE'
                                      ELSE 'FOREIGN TABLE'
                                  END
                            ELSE 'UNKNOWN'
                         END AS "TABLE_TYPE"
                     , d.description AS "REMARKS"
                     , pg_catalog.quote_ident(t.spcname) AS "pg_tablespace_name"
                     , pg_catalog.quote_ident(pg_catalog.pg_tablespace_location(t.oid)) AS "pg_tablespace_location" ,n.nspname AS pg_schema, c.relname AS pg_table
                  FROM pg_catalog.pg_class AS c
                  LEFT JOIN pg_catalog.pg_description AS d
                       ON (c.oid = d.objoid AND c.tableoid = d.classoid AND d.objsubid = 0)
                  LEFT JOIN pg_catalog.pg_namespace n ON (n.oid = c.relnamespace)
                  LEFT JOIN pg_catalog.pg_tablespace t ON (t.oid = c.reltablespace)
                 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
					 AND NOT (pg_catalog.quote_ident(n.nspname) ~ '^pg_(toast_)?temp_' AND NOT pg_catalog.has_schema_privilege(n.nspname, 'USAGE'))
					 AND n.nspname = 'public'
					 AND c.relname = 'parent'
                 ORDER BY "TABLE_TYPE", "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME"
                
====

            SELECT
                pg_catalog.quote_ident(pg_catalog.current_database()) AS "TABLE_CAT"
                , pg_catalog.quote_ident(n.nspname) AS "TABLE_SCHEM"
                , pg_catalog.quote_ident(c.relname) AS "TABLE_NAME"
                , pg_catalog.quote_ident(a.attname) AS "COLUMN_NAME"
                , a.atttypid AS "DATA_TYPE"
                , pg_catalog.format_type(a.atttypid, NULL) AS "TYPE_NAME"
                , a.attlen AS "COLUMN_SIZE"
                , NULL::text AS "BUFFER_LENGTH"
                , NULL::text AS "DECIMAL_DIGITS"
                , NULL::text AS "NUM_PREC_RADIX"
                , CASE a.attnotnull WHEN 't' THEN 0 ELSE 1 END AS "NULLABLE"
                , pg_catalog.col_description(a.attrelid, a.attnum) AS "REMARKS"
                , pg_catalog.pg_get_expr(af.adbin, af.adrelid) AS "COLUMN_DEF"
                , NULL::text AS "SQL_DATA_TYPE"
                , NULL::text AS "SQL_DATETIME_SUB"
                , NULL::text AS "CHAR_OCTET_LENGTH"
                , a.attnum AS "ORDINAL_POSITION"
                , CASE a.attnotnull WHEN 't' THEN 'NO' ELSE 'YES' END AS "IS_NULLABLE"
                , pg_catalog.format_type(a.atttypid, a.atttypmod) AS "pg_type"
                , '?' AS "pg_constraint"
                , n.nspname AS "pg_schema"
                , c.relname AS "pg_table"
                , a.attname AS "pg_column"
                , a.attrelid AS "pg_attrelid"
                , a.attnum AS "pg_attnum"
                , a.atttypmod AS "pg_atttypmod"
                , t.typtype AS "_pg_type_typtype"
                , t.oid AS "_pg_type_oid"
            FROM
                pg_catalog.pg_type t
                JOIN pg_catalog.pg_attribute a ON (t.oid = a.atttypid)
                JOIN pg_catalog.pg_class c ON (a.attrelid = c.oid)
                LEFT JOIN pg_catalog.pg_attrdef af ON (a.attnum = af.adnum AND a.attrelid = af.adrelid)
                JOIN pg_catalog.pg_namespace n ON (n.oid = c.relnamespace)
            WHERE
                a.attnum >= 0
                AND c.relkind IN ('r','p','v','m','f')
                
				AND n.nspname = 'public'
				AND c.relname = 'parent'
				AND a.attname LIKE '%'
            ORDER BY "TABLE_SCHEM", "TABLE_NAME", "ORDINAL_POSITION"
            
====
SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE contype = 'c' AND conrelid = 18456 AND conkey = '{1}'
====

            SELECT
                  c.oid
                , pg_catalog.quote_ident(n.nspname)
                , pg_catalog.quote_ident(c.relname)
                , pg_catalog.quote_ident(c2.relname)
                , i.indkey
                , pg_catalog.quote_ident(t.spcname)
                , pg_catalog.quote_ident(pg_catalog.pg_tablespace_location(t.oid))
                , n.nspname, c.relname, c2.relname
                , pg_catalog.quote_ident(pg_catalog.current_database())
            FROM
                pg_catalog.pg_class c
                JOIN pg_catalog.pg_index i ON (i.indrelid = c.oid)
                JOIN pg_catalog.pg_class c2 ON (c2.oid = i.indexrelid)
                LEFT JOIN pg_catalog.pg_namespace n ON (n.oid = c.relnamespace)
                LEFT JOIN pg_catalog.pg_tablespace t ON (t.oid = c.reltablespace)
            WHERE
                i.indisprimary IS TRUE
            AND c.relname = 'parent'
			AND n.nspname = 'public'
        
====

            SELECT a.attnum, pg_catalog.quote_ident(a.attname) AS colname,
                pg_catalog.quote_ident(t.typname) AS typename
            FROM pg_catalog.pg_attribute a, pg_catalog.pg_type t
            WHERE a.attrelid = '18456'
            AND a.atttypid = t.oid
            AND attnum IN (1);
        
====

                SELECT
                    pg_catalog.current_database() AS "TABLE_CAT",
                    n.nspname                     AS "TABLE_SCHEM",
                    d.relname                     AS "TABLE_NAME",
                    NULL                          AS "NON_UNIQUE",
                    NULL                          AS "INDEX_QUALIFIER",
                    NULL                          AS "INDEX_NAME",
                    'table'                       AS "TYPE",
                    NULL                          AS "ORDINAL_POSITION",
                    NULL                          AS "COLUMN_NAME",
                    NULL                          AS "ASC_OR_DESC",
                    d.reltuples                   AS "CARDINALITY",
                    d.relpages                    AS "PAGES",
                    NULL                          AS "FILTER_CONDITION",
                    NULL                          AS "pg_expression",
                    NULL                          AS "pg_is_key_column",
                    NULL                          AS "pg_null_ordering"
                FROM   pg_catalog.pg_class d
                JOIN   pg_catalog.pg_namespace n ON n.oid = d.relnamespace
                WHERE  d.relname = $1 AND n.nspname = $2
                UNION ALL
            
            SELECT
                pg_catalog.current_database() AS "TABLE_CAT",
                n.nspname                     AS "TABLE_SCHEM",
                d.relname                     AS "TABLE_NAME",
                NOT(i.indisunique)            AS "NON_UNIQUE",
                NULL                          AS "INDEX_QUALIFIER",
                c.relname                     AS "INDEX_NAME",
                CASE WHEN i.indisclustered THEN 'clustered'
                     WHEN a.amname = 'btree' THEN 'btree'
                     WHEN a.amname = 'hash' THEN 'hashed'
                     ELSE 'other'
                END                           AS "TYPE",
                col.i                         AS "ORDINAL_POSITION",
                att.attname                   AS "COLUMN_NAME",
                
                CASE WHEN pg_catalog.pg_index_column_has_property(c.oid, col.i, 'asc') THEN 'A'
                     WHEN pg_catalog.pg_index_column_has_property(c.oid, col.i, 'desc') THEN 'D'
                END                  AS "ASC_OR_DESC",
                c.reltuples                   AS "CARDINALITY",
                c.relpages                    AS "PAGES",
                pg_catalog.pg_get_expr(i.indpred,i.indrelid)
                                              AS "FILTER_CONDITION",
                pg_catalog.pg_get_indexdef(i.indexrelid, col.i, true)
                                              AS "pg_expression",
                col.i <= i.indnkeyatts                AS "pg_is_key_column",
                
                CASE WHEN pg_catalog.pg_index_column_has_property(c.oid, col.i, 'nulls_first') THEN 'first'
                     WHEN pg_catalog.pg_index_column_has_property(c.oid, col.i, 'nulls_last') THEN 'last'
                END                AS "pg_null_ordering"
            FROM
                pg_catalog.pg_index i
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                JOIN pg_catalog.pg_class d ON d.oid = i.indrelid
                JOIN pg_catalog.pg_am a ON a.oid = c.relam
                JOIN pg_catalog.pg_namespace n ON n.oid = d.relnamespace
                JOIN pg_catalog.generate_series(1, pg_catalog.current_setting('max_index_keys')::integer) col(i)
                     ON col.i <= i.indnatts
                LEFT JOIN pg_catalog.pg_attribute att
                     ON att.attrelid = d.oid AND att.attnum = i.indkey[col.i - 1]
            WHERE
                d.relname = $3 AND n.nspname = $4
                AND (i.indisunique OR NOT($5)) -- unique_only
            ORDER BY
                "NON_UNIQUE", "TYPE", "INDEX_QUALIFIER", "INDEX_NAME", "ORDINAL_POSITION"
        
====

            SELECT
                pg_catalog.quote_ident(pg_catalog.current_database()),
                pg_catalog.quote_ident(uk_ns.nspname),
                pg_catalog.quote_ident(uk_class.relname),
                pg_catalog.quote_ident(uk_col.attname),
                pg_catalog.quote_ident(pg_catalog.current_database()),
                pg_catalog.quote_ident(fk_ns.nspname),
                pg_catalog.quote_ident(fk_class.relname),
                pg_catalog.quote_ident(fk_col.attname),
                colnum.i,
                CASE constr.confupdtype
                    WHEN 'c' THEN 0 WHEN 'r' THEN 1 WHEN 'n' THEN 2 WHEN 'a' THEN 3 WHEN 'd' THEN 4 ELSE -1
                END,
                CASE constr.confdeltype
                    WHEN 'c' THEN 0 WHEN 'r' THEN 1 WHEN 'n' THEN 2 WHEN 'a' THEN 3 WHEN 'd' THEN 4 ELSE -1
                END,
                pg_catalog.quote_ident(constr.conname), pg_catalog.quote_ident(uk_constr.conname),
                CASE
                    WHEN constr.condeferrable = 'f' THEN 7
                    WHEN constr.condeferred = 't' THEN 6
                    WHEN constr.condeferred = 'f' THEN 5
                    ELSE -1
                END,
                CASE coalesce(uk_constr.contype, 'u')
                    WHEN 'u' THEN 'UNIQUE' WHEN 'p' THEN 'PRIMARY'
                END,
                pg_catalog.quote_ident(uk_type.typname), pg_catalog.quote_ident(fk_type.typname)
            FROM pg_catalog.pg_constraint constr
                JOIN pg_catalog.pg_class uk_class ON constr.confrelid = uk_class.oid
                JOIN pg_catalog.pg_namespace uk_ns ON uk_class.relnamespace = uk_ns.oid
                JOIN pg_catalog.pg_class fk_class ON constr.conrelid = fk_class.oid
                JOIN pg_catalog.pg_namespace fk_ns ON fk_class.relnamespace = fk_ns.oid
                -- can't do unnest() until 8.4, and would need WITH ORDINALITY to get the array indices,
                -- wich isn't available until 9.4 at the earliest, so we join against a series table instead
                JOIN pg_catalog.generate_series(1, pg_catalog.current_setting('max_index_keys')::integer) colnum(i)
                    ON colnum.i <= pg_catalog.array_upper(constr.conkey,1)
                JOIN pg_catalog.pg_attribute uk_col ON uk_col.attrelid = constr.confrelid AND uk_col.attnum = constr.confkey[colnum.i]
                JOIN pg_catalog.pg_type uk_type ON uk_col.atttypid = uk_type.oid
                JOIN pg_catalog.pg_attribute fk_col ON fk_col.attrelid = constr.conrelid AND fk_col.attnum = constr.conkey[colnum.i]
                JOIN pg_catalog.pg_type fk_type ON fk_col.atttypid = fk_type.oid

                -- We can't match confkey from the fk constraint to conkey of the unique constraint,
                -- because the unique constraint might not exist or there might be more than one
                -- matching one. However, there must be at least a unique _index_ on the key
                -- columns, so we look for that; but we can't find it via pg_index, since there may
                -- again be more than one matching index.

                -- So instead, we look at pg_depend for the dependency that was created by the fk
                -- constraint. This dependency is of type 'n' (normal) and ties the pg_constraint
                -- row oid to the pg_class oid for the index relation (a single arbitrary one if
                -- more than one matching unique index existed at the time the constraint was
                -- created).  Fortunately, the constraint does not create dependencies on the
                -- referenced table itself, but on the _columns_ of the referenced table, so the
                -- index can be distinguished easily.  Then we look for another pg_depend entry,
                -- this time an 'i' (implementation) dependency from a pg_constraint oid (the unique
                -- constraint if one exists) to the index oid; but we have to allow for the
                -- possibility that this one doesn't exist.          - Andrew Gierth (RhodiumToad)

                JOIN pg_catalog.pg_depend dep ON (
                    dep.classid = 'pg_catalog.pg_constraint'::regclass
                    AND dep.objid = constr.oid
                    AND dep.objsubid = 0
                    AND dep.deptype = 'n'
                    AND dep.refclassid = 'pg_catalog.pg_class'::regclass
                    AND dep.refobjsubid=0
                )
                JOIN pg_catalog.pg_class idx ON (
                    idx.oid = dep.refobjid AND idx.relkind='i'
                )
                LEFT JOIN pg_catalog.pg_depend dep2 ON (
                    dep2.classid = 'pg_catalog.pg_class'::regclass
                    AND dep2.objid = idx.oid
                    AND dep2.objsubid = 0
                    AND dep2.deptype = 'i'
                    AND dep2.refclassid = 'pg_catalog.pg_constraint'::regclass
                    AND dep2.refobjsubid = 0
                )
                LEFT JOIN pg_catalog.pg_constraint uk_constr ON (
                    uk_constr.oid = dep2.refobjid AND uk_constr.contype IN ('p','u')
                )
            WHERE uk_class.relname = 'parent' AND uk_ns.nspname = 'public' AND fk_class.relname = 'child' AND fk_ns.nspname = 'public'
                AND uk_class.relkind ~ 'r|p'
                AND fk_class.relkind ~ 'r|p'
                AND constr.contype = 'f'
            ORDER BY constr.conname, colnum.i
        
====
DEALLOCATE pdo_stmt_00000001
====
select $1::int, $2::int8, $3::numeric, $4::float8, $5::text, $6::bytea, $7::bool, $8::timestamptz, $9::int[], $10::jsonb, $11::text
====
SELECT RELNAME FROM PG_CLASS WHERE OID=0
====
SELECT TYPNAME FROM PG_TYPE WHERE OID=1700
====
DEALLOCATE pdo_stmt_0000000a
====
DEALLOCATE pdo_stmt_0000000b
====
SELECT LASTVAL()
====
select * from person where age > $1 order by id
====
DEALLOCATE pdo_stmt_0000000c
====
DEALLOCATE pdo_stmt_0000000d
====
select * from person where age > '28' order by id
====
DEALLOCATE pdo_stmt_0000000e
====
DEALLOCATE pdo_stmt_0000000f
====
select $1::int as a, $2::text as b
==== 3
select 1 as one; select 1/0; select 3
====
do $$ begin raise notice 'hello'; end $$
====
SELECT a.attname, a.attnum, t.typname, a.attlen, a.attnotnull, a.atthasdef, a.attndims, t.typtype FROM pg_class as c  JOIN pg_attribute a ON (a.attrelid = c.oid)  JOIN pg_type t ON (a.atttypid = t.oid)  JOIN pg_namespace n ON (c.relnamespace = n.oid) WHERE a.attnum > 0 AND c.relname = 'person' AND n.nspname = 'public' ORDER BY a.attnum;
====
INSERT INTO "person" ("name","age") VALUES ('by pg_insert',5);
====
SELECT * FROM "person" WHERE "name"='by pg_insert';
====
select $1::int, $2::int8, $3::float8, $4::text, $5::bytea, $6::bool, $7::timestamptz, $8::int[], $9::text, $10::jsonb, 12345678901234567890.5::numeric, 'infinity'::float8, '1 day'::interval
====
select 1::int, 'x'::varchar(10), 1.5::numeric(10,2), now(), array['a']
====
select $1::text, $2::bytea, $3::text
====
insert into person (name) values ($1) returning id > 0, name, mood
====
BEGIN READ WRITE
====
select
====
create table bulk (id int, name text, data bytea, at timestamptz)
====
select count(*), sum(id), min(name), max(data), max(at) from bulk
====
select g, repeat('x', 100) from generate_series(1, $1::int) g
==== 2
notify channel, 'one'; select pg_notify('Other', 'grüße')
====
UNLISTEN *
====
select sum(g) from generate_series(1, $1::int) g
====
select exists (select from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and datname = current_database())
====
SET TIME ZONE 'UTC'
====
SET CLIENT_ENCODING TO 'UTF8'
====
INSERT INTO "customers" ("id", "name") VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), ($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), ($31, $32), ($33, $34), ($35, $36), ($37, $38), ($39, $40), ($41, $42), ($43, $44), ($45, $46), ($47, $48), ($49, $50), ($51, $52), ($53, $54), ($55, $56), ($57, $58), ($59, $60), ($61, $62), ($63, $64), ($65, $66), ($67, $68), ($69, $70), ($71, $72), ($73, $74), ($75, $76), ($77, $78), ($79, $80), ($81, $82), ($83, $84), ($85, $86), ($87, $88), ($89, $90), ($91, $92), ($93, $94), ($95, $96), ($97, $98), ($99, $100), ($101, $102), ($103, $104), ($105, $106), ($107, $108), ($109, $110), ($111, $112), ($113, $114), ($115, $116), ($117, $118), ($119, $120), ($121, $122), ($123, $124), ($125, $126), ($127, $128), ($129, $130), ($131, $132), ($133, $134), ($135, $136), ($137, $138), ($139, $140), ($141, $142), ($143, $144), ($145, $146), ($147, $148), ($149, $150), ($151, $152), ($153, $154), ($155, $156), ($157, $158), ($159, $160), ($161, $162), ($163, $164), ($165, $166), ($167, $168), ($169, $170), ($171, $172), ($173, $174), ($175, $176), ($177, $178), ($179, $180), ($181, $182), ($183, $184), ($185, $186), ($187, $188), ($189, $190), ($191, $192), ($193, $194), ($195, $196), ($197, $198), ($199, $200)
====
INSERT INTO "customers" ("id", "name") VALUES ($1, $2) RETURNING "customers"."id", "customers"."name"
====
SELECT "customers"."id", "customers"."name" FROM "customers" WHERE ("customers"."name" LIKE $1) ORDER BY "customers"."id"
====
SELECT "customers"."id" FROM "customers"
====
UPDATE "customers" SET "name" = $1 WHERE ("customers"."id" = $2)
====
SAVEPOINT diesel_savepoint_1
====
INSERT INTO "customers" ("id") VALUES ($1)
====
ROLLBACK TO SAVEPOINT diesel_savepoint_1
====
BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY
====
DELETE FROM "customers"
====
select $1::text, count(*) from customers
==== 2
select 1; do $$ begin perform 1; end $$
====
select $1, $2, $3, $4, $5, $6
==== 2
create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, mood mood)
====
insert into person (name) values (null)
====
SELECT oid::regtype::text, typtype, typcategory, typrelid, typelem, typbasetype FROM pg_catalog.pg_type WHERE oid = $1
====

SELECT enumlabel
FROM pg_catalog.pg_enum
WHERE enumtypid = $1
ORDER BY enumsortorder
            
====
SELECT NOT attnotnull FROM ( ( SELECT $1::int4 AS idx, $2::int4 AS table_id, $3::int2 AS col_idx ) UNION ALL ( SELECT $4::int4, $5::int4, $6::int2 ) UNION ALL ( SELECT $7::int4, $8::int4, $9::int2 ) ) AS col LEFT JOIN pg_catalog.pg_attribute ON table_id IS NOT NULL AND attrelid = table_id AND attnum = col_idx ORDER BY idx
====
EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE sqlx_s_8(NULL)
====
SAVEPOINT _sqlx_savepoint_1
====
ROLLBACK TO SAVEPOINT _sqlx_savepoint_1
====
select sum(n) from unnest($1::int[]) n
====
select $1::int, $2::int8, $3::float8, $4::text, $5::bytea, $6::bool, $7::int[], $8::text
====
SELECT t.typname, t.typtype, t.typelem, r.rngsubtype, t.typbasetype, n.nspname, t.typrelid
FROM pg_catalog.pg_type t
LEFT OUTER JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
INNER JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid
WHERE t.oid = $1

==== 2
do $$ begin raise notice 'hello ☃'; end $$; listen channel
