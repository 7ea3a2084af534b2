# Prisma 7.10 client with its adapter; Prisma Migrate 6.19 (diff, deploy, status, db push, db pull, reset); servers 15 to 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
SELECT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1), version(), current_setting('server_version_num')::integer as numeric_version;
====
SELECT "id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at", "applied_steps_count" FROM "_prisma_migrations" ORDER BY "started_at" ASC
====
SELECT pg_advisory_lock(72707369)
====

                SELECT tbl.relname AS table_name, namespace.nspname AS table_namespace
                FROM pg_class AS tbl
                INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace
                WHERE tbl.relkind = 'r' AND namespace.nspname = ANY ( $1 )
            
====
CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);

====
INSERT INTO "_prisma_migrations" ("id","checksum","started_at","migration_name") VALUES ($1,$2,$3,$4)
====
-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN')
====
-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "role" "Role" NOT NULL DEFAULT 'USER',
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tags" TEXT[],
    "doc" JSONB,
    "big" BIGINT,
    "dec" DECIMAL(10,2),

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
)
====
-- CreateTable
CREATE TABLE "posts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "title" VARCHAR(200) NOT NULL,
    "authorId" INTEGER NOT NULL,

    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
)
====
-- CreateTable
CREATE TABLE "Category" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Category_pkey" PRIMARY KEY ("id")
)
====
-- CreateTable
CREATE TABLE "_CategoryToPost" (
    "A" INTEGER NOT NULL,
    "B" UUID NOT NULL,

    CONSTRAINT "_CategoryToPost_AB_pkey" PRIMARY KEY ("A","B")
)
====
-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email")
====
-- CreateIndex
CREATE INDEX "posts_title_idx" ON "posts"("title" text_pattern_ops)
====
-- CreateIndex
CREATE UNIQUE INDEX "Category_name_id_key" ON "Category"("name", "id")
====
-- CreateIndex
CREATE INDEX "_CategoryToPost_B_index" ON "_CategoryToPost"("B")
====
-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE
====
-- AddForeignKey
ALTER TABLE "_CategoryToPost" ADD CONSTRAINT "_CategoryToPost_A_fkey" FOREIGN KEY ("A") REFERENCES "Category"("id") ON DELETE CASCADE ON UPDATE CASCADE
====
-- AddForeignKey
ALTER TABLE "_CategoryToPost" ADD CONSTRAINT "_CategoryToPost_B_fkey" FOREIGN KEY ("B") REFERENCES "posts"("id") ON DELETE CASCADE ON UPDATE CASCADE
====
UPDATE "_prisma_migrations" SET "applied_steps_count" = ("applied_steps_count" + $1) WHERE "id" = $2
====
UPDATE "_prisma_migrations" SET "finished_at" = $1 WHERE "id" = $2
====
SELECT namespace.nspname as namespace_name
FROM pg_namespace as namespace
WHERE namespace.nspname = ANY ( $1 )
ORDER BY namespace_name;

====
SELECT
  tbl.relname AS table_name,
  namespace.nspname as namespace,
  (tbl.relhassubclass and tbl.relkind = 'p') as is_partition,
  (tbl.relhassubclass and tbl.relkind = 'r') as has_subclass,
  tbl.relrowsecurity as has_row_level_security,
  reloptions,
  obj_description(tbl.oid, 'pg_class') as description
FROM pg_class AS tbl
INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace
WHERE
  ( -- (relkind = 'r' and relispartition = 't') matches partition table "duplicates"
    (tbl.relkind = 'r' AND tbl.relispartition = 'f')
      OR -- when it's a partition
    tbl.relkind = 'p'
  )
  AND namespace.nspname = ANY ( $1 )
ORDER BY namespace, table_name;

====
SELECT
    schemainfo.nspname AS namespace,
    tableinfo.relname AS table_name,
	constr.conname AS constraint_name,
	constr.contype AS constraint_type,
	pg_get_constraintdef(constr.oid) AS constraint_definition,
	constr.condeferrable AS is_deferrable,
	constr.condeferred AS is_deferred
FROM pg_constraint constr
JOIN pg_class AS tableinfo
	ON tableinfo.oid = constr.conrelid
JOIN pg_namespace AS schemainfo
	ON schemainfo.oid = tableinfo.relnamespace
WHERE schemainfo.nspname = ANY ( $1 )
	AND contype NOT IN ('p', 'u', 'f')
ORDER BY namespace, table_name, constr.contype, constraint_name;

====
SELECT
    views.viewname AS view_name,
    views.definition AS view_sql,
    views.schemaname AS namespace,
    obj_description(class.oid, 'pg_class') AS description
FROM pg_catalog.pg_views views
INNER JOIN pg_catalog.pg_namespace ns ON views.schemaname = ns.nspname
INNER JOIN pg_catalog.pg_class class ON class.relnamespace = ns.oid AND class.relname = views.viewname
WHERE schemaname = ANY ( $1 )

====

            SELECT
                t.typname AS name,
                e.enumlabel AS value,
                n.nspname AS namespace,
                obj_description(t.oid, 'pg_type') AS description
            FROM pg_type t
            JOIN pg_enum e ON t.oid = e.enumtypid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname = ANY ( $1 )
            ORDER BY e.enumsortorder
====

            SELECT
                t.typname AS name,
                n.nspname AS namespace
            FROM pg_type t
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname = ANY ( $1 )
              AND t.typtype = 'b' -- only base types
              AND t.typinput::regproc::text <> 'array_in' -- exclude array types
        
====

            SELECT
                oid.namespace,
                info.table_name,
                info.column_name,
                format_type(att.atttypid, att.atttypmod) as formatted_type,
                info.numeric_precision,
                info.numeric_scale,
                info.numeric_precision_radix,
                info.datetime_precision,
                info.data_type,
                info.udt_schema as type_schema_name,
                info.udt_name as full_data_type,
                pg_get_expr(attdef.adbin, attdef.adrelid) AS column_default,
                info.is_nullable,
                info.is_identity,
                info.character_maximum_length,
                col_description(att.attrelid, ordinal_position) AS description
            FROM information_schema.columns info
            JOIN pg_attribute att ON att.attname = info.column_name
            JOIN (
                 SELECT pg_class.oid, relname, pg_namespace.nspname as namespace
                 FROM pg_class
                 JOIN pg_namespace on pg_namespace.oid = pg_class.relnamespace
                 AND pg_namespace.nspname = ANY ( $1 )
                 WHERE reltype > 0
                ) as oid on oid.oid = att.attrelid
                  AND relname = info.table_name
                  AND namespace = info.table_schema
            LEFT OUTER JOIN pg_attrdef attdef ON attdef.adrelid = att.attrelid AND attdef.adnum = att.attnum AND table_schema = namespace
            WHERE table_schema = ANY ( $1 ) 
            ORDER BY namespace, table_name, ordinal_position;
        
====

            SELECT
                con.oid         AS "con_id",
                att2.attname    AS "child_column",
                cl.relname      AS "parent_table",
                att.attname     AS "parent_column",
                con.confdeltype,
                con.confupdtype,
                rel_ns.nspname  AS "referenced_schema_name",
                conname         AS constraint_name,
                child,
                parent,
                table_name,
                namespace,
                condeferrable,
                condeferred
            FROM (SELECT
                        ns.nspname AS "namespace",
                        unnest(con1.conkey)                AS "parent",
                        unnest(con1.confkey)                AS "child",
                        cl.relname                          AS table_name,
                        ns.nspname                          AS schema_name,
                        generate_subscripts(con1.conkey, 1) AS colidx,
                        con1.oid,
                        con1.confrelid,
                        con1.conrelid,
                        con1.conname,
                        con1.confdeltype,
                        con1.confupdtype,
                        con1.condeferrable                  AS condeferrable,
                        con1.condeferred                    AS condeferred
                FROM pg_class cl
                        join pg_constraint con1 on con1.conrelid = cl.oid
                        join pg_namespace ns on cl.relnamespace = ns.oid
                WHERE
                    ns.nspname = ANY ( $1 )
                    and con1.contype = 'f'
                ORDER BY colidx
                ) con
                    JOIN pg_attribute att on att.attrelid = con.confrelid and att.attnum = con.child
                    JOIN pg_class cl on cl.oid = con.confrelid
                    JOIN pg_attribute att2 on att2.attrelid = con.conrelid and att2.attnum = con.parent
                    JOIN pg_class rel_cl on con.confrelid = rel_cl.oid
                    JOIN pg_namespace rel_ns on rel_cl.relnamespace = rel_ns.oid
            ORDER BY namespace, table_name, constraint_name, con_id, con.colidx;
        
====
WITH rawindex AS (
    SELECT
        indrelid, 
        indexrelid,
        indisunique,
        indisprimary,
        unnest(indkey) AS indkeyid,
        generate_subscripts(indkey, 1) AS indkeyidx,
        unnest(indclass) AS indclass,
        unnest(indoption) AS indoption
    FROM pg_index -- https://www.postgresql.org/docs/current/catalog-pg-index.html
    WHERE
        indpred IS NULL -- filter out partial indexes
        AND NOT indisexclusion -- filter out exclusion constraints
)
SELECT
    schemainfo.nspname AS namespace,
    indexinfo.relname AS index_name,
    tableinfo.relname AS table_name,
    columninfo.attname AS column_name,
    rawindex.indisunique AS is_unique,
    rawindex.indisprimary AS is_primary_key,
    rawindex.indkeyidx AS column_index,
    opclass.opcname AS opclass,
    opclass.opcdefault AS opcdefault,
    indexaccess.amname AS index_algo,
    CASE rawindex.indoption & 1
        WHEN 1 THEN 'DESC'
        ELSE 'ASC' END
        AS column_order,
    CASE rawindex.indoption & 2
        WHEN 2 THEN true
        ELSE false END
        AS nulls_first,
    pc.condeferrable AS condeferrable,
    pc.condeferred AS condeferred
FROM
    rawindex
    INNER JOIN pg_class AS tableinfo ON tableinfo.oid = rawindex.indrelid
    INNER JOIN pg_class AS indexinfo ON indexinfo.oid = rawindex.indexrelid
    INNER JOIN pg_namespace AS schemainfo ON schemainfo.oid = tableinfo.relnamespace
    LEFT JOIN pg_attribute AS columninfo
        ON columninfo.attrelid = tableinfo.oid AND columninfo.attnum = rawindex.indkeyid
    INNER JOIN pg_am AS indexaccess ON indexaccess.oid = indexinfo.relam
    LEFT JOIN pg_opclass AS opclass -- left join because crdb has no opclasses
        ON opclass.oid = rawindex.indclass
    LEFT JOIN pg_constraint pc ON rawindex.indexrelid = pc.conindid AND pc.contype <> 'f'
WHERE schemainfo.nspname = ANY ( $1 )
ORDER BY namespace, table_name, index_name, column_index;

====

            SELECT p.proname AS name, n.nspname as namespace,
                CASE WHEN l.lanname = 'internal' THEN p.prosrc
                     ELSE pg_get_functiondef(p.oid)
                     END as definition
            FROM pg_proc p
            LEFT JOIN pg_namespace n ON p.pronamespace = n.oid
            LEFT JOIN pg_language l ON p.prolang = l.oid
            WHERE n.nspname = ANY ( $1 )
        
====
SELECT
    ext.extname AS extension_name,
    ext.extversion AS extension_version,
    ext.extrelocatable AS extension_relocatable,
    pn.nspname AS extension_schema
FROM pg_extension ext
INNER JOIN pg_namespace pn ON ext.extnamespace = pn.oid
ORDER BY ext.extname ASC

====

              SELECT
                  sequence_name,
                  sequence_schema AS namespace,
                  start_value::INT8,
                  minimum_value::INT8 AS min_value,
                  maximum_value::INT8 AS max_value,
                  increment::INT8 AS increment_by,
                  (CASE cycle_option WHEN 'yes' THEN TRUE ELSE FALSE END) AS cycle,
                  0::INT8 AS cache_size
              FROM information_schema.sequences
              WHERE sequence_schema = ANY ( $1 )
              ORDER BY sequence_name
            
====
DROP INDEX "posts_title_idx"
====
-- CreateEnum
CREATE TYPE "Kind" AS ENUM ('A', 'B')
====
CREATE TYPE "Role_new" AS ENUM ('USER', 'STAFF')
====
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT
====
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new")
====
ALTER TYPE "Role" RENAME TO "Role_old"
====
ALTER TYPE "Role_new" RENAME TO "Role"
====
DROP TYPE "Role_old"
====
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'USER'
====
-- RedefineTables
ALTER TABLE "User" DROP COLUMN "big", ADD COLUMN "kind" "Kind" NOT NULL DEFAULT 'A'
====
CREATE INDEX "User_kind_idx" ON "User"("kind")
====
DROP SCHEMA "public" CASCADE
====
CREATE SCHEMA "public"
====
DROP TABLE _prisma_migrations
====

  create type "Mood" as enum ('sad', 'happy')
====

  create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood "Mood" not null default 'happy', big bigint not null default 1099511627776,
    money decimal(65, 30) not null default 1.5, data bytea, born timestamp(3) not null default '2024-02-29 12:00:00.123', tags text[], extra jsonb)
====

  create table letter (id serial primary key, text text not null, "fromId" int not null references person on delete cascade)
====
INSERT INTO "public"."person" ("name","age","mood","big","money","data","born","tags","extra") VALUES ($1,$2,CAST($3::text AS "public"."Mood"),$4,$5,$6,$7,$8,$9) RETURNING "public"."person"."id"
====
INSERT INTO "public"."letter" ("text","fromId") VALUES ($1,$2), ($3,$4)
====
SELECT "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra" FROM "public"."person" WHERE "public"."person"."id" = $1 LIMIT $2 OFFSET $3
====
SELECT "public"."letter"."id", "public"."letter"."text", "public"."letter"."fromId" FROM "public"."letter" WHERE "public"."letter"."fromId" = $1 OFFSET $2
====
INSERT INTO "public"."person" ("name","age","mood","big","money","born") VALUES ($1,$2,CAST($3::text AS "public"."Mood"),$4,$5,$6), ($7,$8,CAST($9::text AS "public"."Mood"),$10,$11,$12), ($13,$14,CAST($15::text AS "public"."Mood"),$16,$17,$18), ($19,$20,CAST($21::text AS "public"."Mood"),$22,$23,$24), ($25,$26,CAST($27::text AS "public"."Mood"),$28,$29,$30), ($31,$32,CAST($33::text AS "public"."Mood"),$34,$35,$36), ($37,$38,CAST($39::text AS "public"."Mood"),$40,$41,$42), ($43,$44,CAST($45::text AS "public"."Mood"),$46,$47,$48), ($49,$50,CAST($51::text AS "public"."Mood"),$52,$53,$54), ($55,$56,CAST($57::text AS "public"."Mood"),$58,$59,$60), ($61,$62,CAST($63::text AS "public"."Mood"),$64,$65,$66), ($67,$68,CAST($69::text AS "public"."Mood"),$70,$71,$72), ($73,$74,CAST($75::text AS "public"."Mood"),$76,$77,$78), ($79,$80,CAST($81::text AS "public"."Mood"),$82,$83,$84), ($85,$86,CAST($87::text AS "public"."Mood"),$88,$89,$90), ($91,$92,CAST($93::text AS "public"."Mood"),$94,$95,$96), ($97,$98,CAST($99::text AS "public"."Mood"),$100,$101,$102), ($103,$104,CAST($105::text AS "public"."Mood"),$106,$107,$108), ($109,$110,CAST($111::text AS "public"."Mood"),$112,$113,$114), ($115,$116,CAST($117::text AS "public"."Mood"),$118,$119,$120), ($121,$122,CAST($123::text AS "public"."Mood"),$124,$125,$126), ($127,$128,CAST($129::text AS "public"."Mood"),$130,$131,$132), ($133,$134,CAST($135::text AS "public"."Mood"),$136,$137,$138), ($139,$140,CAST($141::text AS "public"."Mood"),$142,$143,$144), ($145,$146,CAST($147::text AS "public"."Mood"),$148,$149,$150), ($151,$152,CAST($153::text AS "public"."Mood"),$154,$155,$156), ($157,$158,CAST($159::text AS "public"."Mood"),$160,$161,$162), ($163,$164,CAST($165::text AS "public"."Mood"),$166,$167,$168), ($169,$170,CAST($171::text AS "public"."Mood"),$172,$173,$174), ($175,$176,CAST($177::text AS "public"."Mood"),$178,$179,$180), ($181,$182,CAST($183::text AS "public"."Mood"),$184,$185,$186), ($187,$188,CAST($189::text AS "public"."Mood"),$190,$191,$192), ($193,$194,CAST($195::text AS "public"."Mood"),$196,$197,$198), ($199,$200,CAST($201::text AS "public"."Mood"),$202,$203,$204), ($205,$206,CAST($207::text AS "public"."Mood"),$208,$209,$210), ($211,$212,CAST($213::text AS "public"."Mood"),$214,$215,$216), ($217,$218,CAST($219::text AS "public"."Mood"),$220,$221,$222), ($223,$224,CAST($225::text AS "public"."Mood"),$226,$227,$228), ($229,$230,CAST($231::text AS "public"."Mood"),$232,$233,$234), ($235,$236,CAST($237::text AS "public"."Mood"),$238,$239,$240), ($241,$242,CAST($243::text AS "public"."Mood"),$244,$245,$246), ($247,$248,CAST($249::text AS "public"."Mood"),$250,$251,$252), ($253,$254,CAST($255::text AS "public"."Mood"),$256,$257,$258), ($259,$260,CAST($261::text AS "public"."Mood"),$262,$263,$264), ($265,$266,CAST($267::text AS "public"."Mood"),$268,$269,$270), ($271,$272,CAST($273::text AS "public"."Mood"),$274,$275,$276), ($277,$278,CAST($279::text AS "public"."Mood"),$280,$281,$282), ($283,$284,CAST($285::text AS "public"."Mood"),$286,$287,$288), ($289,$290,CAST($291::text AS "public"."Mood"),$292,$293,$294), ($295,$296,CAST($297::text AS "public"."Mood"),$298,$299,$300), ($301,$302,CAST($303::text AS "public"."Mood"),$304,$305,$306), ($307,$308,CAST($309::text AS "public"."Mood"),$310,$311,$312), ($313,$314,CAST($315::text AS "public"."Mood"),$316,$317,$318), ($319,$320,CAST($321::text AS "public"."Mood"),$322,$323,$324), ($325,$326,CAST($327::text AS "public"."Mood"),$328,$329,$330), ($331,$332,CAST($333::text AS "public"."Mood"),$334,$335,$336), ($337,$338,CAST($339::text AS "public"."Mood"),$340,$341,$342), ($343,$344,CAST($345::text AS "public"."Mood"),$346,$347,$348), ($349,$350,CAST($351::text AS "public"."Mood"),$352,$353,$354), ($355,$356,CAST($357::text AS "public"."Mood"),$358,$359,$360), ($361,$362,CAST($363::text AS "public"."Mood"),$364,$365,$366), ($367,$368,CAST($369::text AS "public"."Mood"),$370,$371,$372), ($373,$374,CAST($375::text AS "public"."Mood"),$376,$377,$378), ($379,$380,CAST($381::text AS "public"."Mood"),$382,$383,$384), ($385,$386,CAST($387::text AS "public"."Mood"),$388,$389,$390), ($391,$392,CAST($393::text AS "public"."Mood"),$394,$395,$396), ($397,$398,CAST($399::text AS "public"."Mood"),$400,$401,$402), ($403,$404,CAST($405::text AS "public"."Mood"),$406,$407,$408), ($409,$410,CAST($411::text AS "public"."Mood"),$412,$413,$414), ($415,$416,CAST($417::text AS "public"."Mood"),$418,$419,$420), ($421,$422,CAST($423::text AS "public"."Mood"),$424,$425,$426), ($427,$428,CAST($429::text AS "public"."Mood"),$430,$431,$432), ($433,$434,CAST($435::text AS "public"."Mood"),$436,$437,$438), ($439,$440,CAST($441::text AS "public"."Mood"),$442,$443,$444), ($445,$446,CAST($447::text AS "public"."Mood"),$448,$449,$450), ($451,$452,CAST($453::text AS "public"."Mood"),$454,$455,$456), ($457,$458,CAST($459::text AS "public"."Mood"),$460,$461,$462), ($463,$464,CAST($465::text AS "public"."Mood"),$466,$467,$468), ($469,$470,CAST($471::text AS "public"."Mood"),$472,$473,$474), ($475,$476,CAST($477::text AS "public"."Mood"),$478,$479,$480), ($481,$482,CAST($483::text AS "public"."Mood"),$484,$485,$486), ($487,$488,CAST($489::text AS "public"."Mood"),$490,$491,$492), ($493,$494,CAST($495::text AS "public"."Mood"),$496,$497,$498), ($499,$500,CAST($501::text AS "public"."Mood"),$502,$503,$504), ($505,$506,CAST($507::text AS "public"."Mood"),$508,$509,$510), ($511,$512,CAST($513::text AS "public"."Mood"),$514,$515,$516), ($517,$518,CAST($519::text AS "public"."Mood"),$520,$521,$522), ($523,$524,CAST($525::text AS "public"."Mood"),$526,$527,$528), ($529,$530,CAST($531::text AS "public"."Mood"),$532,$533,$534), ($535,$536,CAST($537::text AS "public"."Mood"),$538,$539,$540), ($541,$542,CAST($543::text AS "public"."Mood"),$544,$545,$546), ($547,$548,CAST($549::text AS "public"."Mood"),$550,$551,$552), ($553,$554,CAST($555::text AS "public"."Mood"),$556,$557,$558), ($559,$560,CAST($561::text AS "public"."Mood"),$562,$563,$564), ($565,$566,CAST($567::text AS "public"."Mood"),$568,$569,$570), ($571,$572,CAST($573::text AS "public"."Mood"),$574,$575,$576), ($577,$578,CAST($579::text AS "public"."Mood"),$580,$581,$582), ($583,$584,CAST($585::text AS "public"."Mood"),$586,$587,$588), ($589,$590,CAST($591::text AS "public"."Mood"),$592,$593,$594), ($595,$596,CAST($597::text AS "public"."Mood"),$598,$599,$600), ($601,$602,CAST($603::text AS "public"."Mood"),$604,$605,$606), ($607,$608,CAST($609::text AS "public"."Mood"),$610,$611,$612), ($613,$614,CAST($615::text AS "public"."Mood"),$616,$617,$618), ($619,$620,CAST($621::text AS "public"."Mood"),$622,$623,$624), ($625,$626,CAST($627::text AS "public"."Mood"),$628,$629,$630), ($631,$632,CAST($633::text AS "public"."Mood"),$634,$635,$636), ($637,$638,CAST($639::text AS "public"."Mood"),$640,$641,$642), ($643,$644,CAST($645::text AS "public"."Mood"),$646,$647,$648), ($649,$650,CAST($651::text AS "public"."Mood"),$652,$653,$654), ($655,$656,CAST($657::text AS "public"."Mood"),$658,$659,$660), ($661,$662,CAST($663::text AS "public"."Mood"),$664,$665,$666), ($667,$668,CAST($669::text AS "public"."Mood"),$670,$671,$672), ($673,$674,CAST($675::text AS "public"."Mood"),$676,$677,$678), ($679,$680,CAST($681::text AS "public"."Mood"),$682,$683,$684), ($685,$686,CAST($687::text AS "public"."Mood"),$688,$689,$690), ($691,$692,CAST($693::text AS "public"."Mood"),$694,$695,$696), ($697,$698,CAST($699::text AS "public"."Mood"),$700,$701,$702), ($703,$704,CAST($705::text AS "public"."Mood"),$706,$707,$708), ($709,$710,CAST($711::text AS "public"."Mood"),$712,$713,$714), ($715,$716,CAST($717::text AS "public"."Mood"),$718,$719,$720), ($721,$722,CAST($723::text AS "public"."Mood"),$724,$725,$726), ($727,$728,CAST($729::text AS "public"."Mood"),$730,$731,$732), ($733,$734,CAST($735::text AS "public"."Mood"),$736,$737,$738), ($739,$740,CAST($741::text AS "public"."Mood"),$742,$743,$744), ($745,$746,CAST($747::text AS "public"."Mood"),$748,$749,$750), ($751,$752,CAST($753::text AS "public"."Mood"),$754,$755,$756), ($757,$758,CAST($759::text AS "public"."Mood"),$760,$761,$762), ($763,$764,CAST($765::text AS "public"."Mood"),$766,$767,$768), ($769,$770,CAST($771::text AS "public"."Mood"),$772,$773,$774), ($775,$776,CAST($777::text AS "public"."Mood"),$778,$779,$780), ($781,$782,CAST($783::text AS "public"."Mood"),$784,$785,$786), ($787,$788,CAST($789::text AS "public"."Mood"),$790,$791,$792), ($793,$794,CAST($795::text AS "public"."Mood"),$796,$797,$798), ($799,$800,CAST($801::text AS "public"."Mood"),$802,$803,$804), ($805,$806,CAST($807::text AS "public"."Mood"),$808,$809,$810), ($811,$812,CAST($813::text AS "public"."Mood"),$814,$815,$816), ($817,$818,CAST($819::text AS "public"."Mood"),$820,$821,$822), ($823,$824,CAST($825::text AS "public"."Mood"),$826,$827,$828), ($829,$830,CAST($831::text AS "public"."Mood"),$832,$833,$834), ($835,$836,CAST($837::text AS "public"."Mood"),$838,$839,$840), ($841,$842,CAST($843::text AS "public"."Mood"),$844,$845,$846), ($847,$848,CAST($849::text AS "public"."Mood"),$850,$851,$852), ($853,$854,CAST($855::text AS "public"."Mood"),$856,$857,$858), ($859,$860,CAST($861::text AS "public"."Mood"),$862,$863,$864), ($865,$866,CAST($867::text AS "public"."Mood"),$868,$869,$870), ($871,$872,CAST($873::text AS "public"."Mood"),$874,$875,$876), ($877,$878,CAST($879::text AS "public"."Mood"),$880,$881,$882), ($883,$884,CAST($885::text AS "public"."Mood"),$886,$887,$888), ($889,$890,CAST($891::text AS "public"."Mood"),$892,$893,$894), ($895,$896,CAST($897::text AS "public"."Mood"),$898,$899,$900), ($901,$902,CAST($903::text AS "public"."Mood"),$904,$905,$906), ($907,$908,CAST($909::text AS "public"."Mood"),$910,$911,$912), ($913,$914,CAST($915::text AS "public"."Mood"),$916,$917,$918), ($919,$920,CAST($921::text AS "public"."Mood"),$922,$923,$924), ($925,$926,CAST($927::text AS "public"."Mood"),$928,$929,$930), ($931,$932,CAST($933::text AS "public"."Mood"),$934,$935,$936), ($937,$938,CAST($939::text AS "public"."Mood"),$940,$941,$942), ($943,$944,CAST($945::text AS "public"."Mood"),$946,$947,$948), ($949,$950,CAST($951::text AS "public"."Mood"),$952,$953,$954), ($955,$956,CAST($957::text AS "public"."Mood"),$958,$959,$960), ($961,$962,CAST($963::text AS "public"."Mood"),$964,$965,$966), ($967,$968,CAST($969::text AS "public"."Mood"),$970,$971,$972), ($973,$974,CAST($975::text AS "public"."Mood"),$976,$977,$978), ($979,$980,CAST($981::text AS "public"."Mood"),$982,$983,$984), ($985,$986,CAST($987::text AS "public"."Mood"),$988,$989,$990), ($991,$992,CAST($993::text AS "public"."Mood"),$994,$995,$996), ($997,$998,CAST($999::text AS "public"."Mood"),$1000,$1001,$1002), ($1003,$1004,CAST($1005::text AS "public"."Mood"),$1006,$1007,$1008), ($1009,$1010,CAST($1011::text AS "public"."Mood"),$1012,$1013,$1014), ($1015,$1016,CAST($1017::text AS "public"."Mood"),$1018,$1019,$1020), ($1021,$1022,CAST($1023::text AS "public"."Mood"),$1024,$1025,$1026), ($1027,$1028,CAST($1029::text AS "public"."Mood"),$1030,$1031,$1032), ($1033,$1034,CAST($1035::text AS "public"."Mood"),$1036,$1037,$1038), ($1039,$1040,CAST($1041::text AS "public"."Mood"),$1042,$1043,$1044), ($1045,$1046,CAST($1047::text AS "public"."Mood"),$1048,$1049,$1050), ($1051,$1052,CAST($1053::text AS "public"."Mood"),$1054,$1055,$1056), ($1057,$1058,CAST($1059::text AS "public"."Mood"),$1060,$1061,$1062), ($1063,$1064,CAST($1065::text AS "public"."Mood"),$1066,$1067,$1068), ($1069,$1070,CAST($1071::text AS "public"."Mood"),$1072,$1073,$1074), ($1075,$1076,CAST($1077::text AS "public"."Mood"),$1078,$1079,$1080), ($1081,$1082,CAST($1083::text AS "public"."Mood"),$1084,$1085,$1086), ($1087,$1088,CAST($1089::text AS "public"."Mood"),$1090,$1091,$1092), ($1093,$1094,CAST($1095::text AS "public"."Mood"),$1096,$1097,$1098), ($1099,$1100,CAST($1101::text AS "public"."Mood"),$1102,$1103,$1104), ($1105,$1106,CAST($1107::text AS "public"."Mood"),$1108,$1109,$1110), ($1111,$1112,CAST($1113::text AS "public"."Mood"),$1114,$1115,$1116), ($1117,$1118,CAST($1119::text AS "public"."Mood"),$1120,$1121,$1122), ($1123,$1124,CAST($1125::text AS "public"."Mood"),$1126,$1127,$1128), ($1129,$1130,CAST($1131::text AS "public"."Mood"),$1132,$1133,$1134), ($1135,$1136,CAST($1137::text AS "public"."Mood"),$1138,$1139,$1140), ($1141,$1142,CAST($1143::text AS "public"."Mood"),$1144,$1145,$1146), ($1147,$1148,CAST($1149::text AS "public"."Mood"),$1150,$1151,$1152), ($1153,$1154,CAST($1155::text AS "public"."Mood"),$1156,$1157,$1158), ($1159,$1160,CAST($1161::text AS "public"."Mood"),$1162,$1163,$1164), ($1165,$1166,CAST($1167::text AS "public"."Mood"),$1168,$1169,$1170), ($1171,$1172,CAST($1173::text AS "public"."Mood"),$1174,$1175,$1176), ($1177,$1178,CAST($1179::text AS "public"."Mood"),$1180,$1181,$1182), ($1183,$1184,CAST($1185::text AS "public"."Mood"),$1186,$1187,$1188), ($1189,$1190,CAST($1191::text AS "public"."Mood"),$1192,$1193,$1194), ($1195,$1196,CAST($1197::text AS "public"."Mood"),$1198,$1199,$1200), ($1201,$1202,CAST($1203::text AS "public"."Mood"),$1204,$1205,$1206), ($1207,$1208,CAST($1209::text AS "public"."Mood"),$1210,$1211,$1212), ($1213,$1214,CAST($1215::text AS "public"."Mood"),$1216,$1217,$1218), ($1219,$1220,CAST($1221::text AS "public"."Mood"),$1222,$1223,$1224), ($1225,$1226,CAST($1227::text AS "public"."Mood"),$1228,$1229,$1230), ($1231,$1232,CAST($1233::text AS "public"."Mood"),$1234,$1235,$1236), ($1237,$1238,CAST($1239::text AS "public"."Mood"),$1240,$1241,$1242), ($1243,$1244,CAST($1245::text AS "public"."Mood"),$1246,$1247,$1248), ($1249,$1250,CAST($1251::text AS "public"."Mood"),$1252,$1253,$1254), ($1255,$1256,CAST($1257::text AS "public"."Mood"),$1258,$1259,$1260), ($1261,$1262,CAST($1263::text AS "public"."Mood"),$1264,$1265,$1266), ($1267,$1268,CAST($1269::text AS "public"."Mood"),$1270,$1271,$1272), ($1273,$1274,CAST($1275::text AS "public"."Mood"),$1276,$1277,$1278), ($1279,$1280,CAST($1281::text AS "public"."Mood"),$1282,$1283,$1284), ($1285,$1286,CAST($1287::text AS "public"."Mood"),$1288,$1289,$1290), ($1291,$1292,CAST($1293::text AS "public"."Mood"),$1294,$1295,$1296), ($1297,$1298,CAST($1299::text AS "public"."Mood"),$1300,$1301,$1302), ($1303,$1304,CAST($1305::text AS "public"."Mood"),$1306,$1307,$1308), ($1309,$1310,CAST($1311::text AS "public"."Mood"),$1312,$1313,$1314), ($1315,$1316,CAST($1317::text AS "public"."Mood"),$1318,$1319,$1320), ($1321,$1322,CAST($1323::text AS "public"."Mood"),$1324,$1325,$1326), ($1327,$1328,CAST($1329::text AS "public"."Mood"),$1330,$1331,$1332), ($1333,$1334,CAST($1335::text AS "public"."Mood"),$1336,$1337,$1338), ($1339,$1340,CAST($1341::text AS "public"."Mood"),$1342,$1343,$1344), ($1345,$1346,CAST($1347::text AS "public"."Mood"),$1348,$1349,$1350), ($1351,$1352,CAST($1353::text AS "public"."Mood"),$1354,$1355,$1356), ($1357,$1358,CAST($1359::text AS "public"."Mood"),$1360,$1361,$1362), ($1363,$1364,CAST($1365::text AS "public"."Mood"),$1366,$1367,$1368), ($1369,$1370,CAST($1371::text AS "public"."Mood"),$1372,$1373,$1374), ($1375,$1376,CAST($1377::text AS "public"."Mood"),$1378,$1379,$1380), ($1381,$1382,CAST($1383::text AS "public"."Mood"),$1384,$1385,$1386), ($1387,$1388,CAST($1389::text AS "public"."Mood"),$1390,$1391,$1392), ($1393,$1394,CAST($1395::text AS "public"."Mood"),$1396,$1397,$1398), ($1399,$1400,CAST($1401::text AS "public"."Mood"),$1402,$1403,$1404), ($1405,$1406,CAST($1407::text AS "public"."Mood"),$1408,$1409,$1410), ($1411,$1412,CAST($1413::text AS "public"."Mood"),$1414,$1415,$1416), ($1417,$1418,CAST($1419::text AS "public"."Mood"),$1420,$1421,$1422), ($1423,$1424,CAST($1425::text AS "public"."Mood"),$1426,$1427,$1428), ($1429,$1430,CAST($1431::text AS "public"."Mood"),$1432,$1433,$1434), ($1435,$1436,CAST($1437::text AS "public"."Mood"),$1438,$1439,$1440), ($1441,$1442,CAST($1443::text AS "public"."Mood"),$1444,$1445,$1446), ($1447,$1448,CAST($1449::text AS "public"."Mood"),$1450,$1451,$1452), ($1453,$1454,CAST($1455::text AS "public"."Mood"),$1456,$1457,$1458), ($1459,$1460,CAST($1461::text AS "public"."Mood"),$1462,$1463,$1464), ($1465,$1466,CAST($1467::text AS "public"."Mood"),$1468,$1469,$1470), ($1471,$1472,CAST($1473::text AS "public"."Mood"),$1474,$1475,$1476), ($1477,$1478,CAST($1479::text AS "public"."Mood"),$1480,$1481,$1482), ($1483,$1484,CAST($1485::text AS "public"."Mood"),$1486,$1487,$1488), ($1489,$1490,CAST($1491::text AS "public"."Mood"),$1492,$1493,$1494), ($1495,$1496,CAST($1497::text AS "public"."Mood"),$1498,$1499,$1500), ($1501,$1502,CAST($1503::text AS "public"."Mood"),$1504,$1505,$1506), ($1507,$1508,CAST($1509::text AS "public"."Mood"),$1510,$1511,$1512), ($1513,$1514,CAST($1515::text AS "public"."Mood"),$1516,$1517,$1518), ($1519,$1520,CAST($1521::text AS "public"."Mood"),$1522,$1523,$1524), ($1525,$1526,CAST($1527::text AS "public"."Mood"),$1528,$1529,$1530), ($1531,$1532,CAST($1533::text AS "public"."Mood"),$1534,$1535,$1536), ($1537,$1538,CAST($1539::text AS "public"."Mood"),$1540,$1541,$1542), ($1543,$1544,CAST($1545::text AS "public"."Mood"),$1546,$1547,$1548), ($1549,$1550,CAST($1551::text AS "public"."Mood"),$1552,$1553,$1554), ($1555,$1556,CAST($1557::text AS "public"."Mood"),$1558,$1559,$1560), ($1561,$1562,CAST($1563::text AS "public"."Mood"),$1564,$1565,$1566), ($1567,$1568,CAST($1569::text AS "public"."Mood"),$1570,$1571,$1572), ($1573,$1574,CAST($1575::text AS "public"."Mood"),$1576,$1577,$1578), ($1579,$1580,CAST($1581::text AS "public"."Mood"),$1582,$1583,$1584), ($1585,$1586,CAST($1587::text AS "public"."Mood"),$1588,$1589,$1590), ($1591,$1592,CAST($1593::text AS "public"."Mood"),$1594,$1595,$1596), ($1597,$1598,CAST($1599::text AS "public"."Mood"),$1600,$1601,$1602), ($1603,$1604,CAST($1605::text AS "public"."Mood"),$1606,$1607,$1608), ($1609,$1610,CAST($1611::text AS "public"."Mood"),$1612,$1613,$1614), ($1615,$1616,CAST($1617::text AS "public"."Mood"),$1618,$1619,$1620), ($1621,$1622,CAST($1623::text AS "public"."Mood"),$1624,$1625,$1626), ($1627,$1628,CAST($1629::text AS "public"."Mood"),$1630,$1631,$1632), ($1633,$1634,CAST($1635::text AS "public"."Mood"),$1636,$1637,$1638), ($1639,$1640,CAST($1641::text AS "public"."Mood"),$1642,$1643,$1644), ($1645,$1646,CAST($1647::text AS "public"."Mood"),$1648,$1649,$1650), ($1651,$1652,CAST($1653::text AS "public"."Mood"),$1654,$1655,$1656), ($1657,$1658,CAST($1659::text AS "public"."Mood"),$1660,$1661,$1662), ($1663,$1664,CAST($1665::text AS "public"."Mood"),$1666,$1667,$1668), ($1669,$1670,CAST($1671::text AS "public"."Mood"),$1672,$1673,$1674), ($1675,$1676,CAST($1677::text AS "public"."Mood"),$1678,$1679,$1680), ($1681,$1682,CAST($1683::text AS "public"."Mood"),$1684,$1685,$1686), ($1687,$1688,CAST($1689::text AS "public"."Mood"),$1690,$1691,$1692), ($1693,$1694,CAST($1695::text AS "public"."Mood"),$1696,$1697,$1698), ($1699,$1700,CAST($1701::text AS "public"."Mood"),$1702,$1703,$1704), ($1705,$1706,CAST($1707::text AS "public"."Mood"),$1708,$1709,$1710), ($1711,$1712,CAST($1713::text AS "public"."Mood"),$1714,$1715,$1716), ($1717,$1718,CAST($1719::text AS "public"."Mood"),$1720,$1721,$1722), ($1723,$1724,CAST($1725::text AS "public"."Mood"),$1726,$1727,$1728), ($1729,$1730,CAST($1731::text AS "public"."Mood"),$1732,$1733,$1734), ($1735,$1736,CAST($1737::text AS "public"."Mood"),$1738,$1739,$1740), ($1741,$1742,CAST($1743::text AS "public"."Mood"),$1744,$1745,$1746), ($1747,$1748,CAST($1749::text AS "public"."Mood"),$1750,$1751,$1752), ($1753,$1754,CAST($1755::text AS "public"."Mood"),$1756,$1757,$1758), ($1759,$1760,CAST($1761::text AS "public"."Mood"),$1762,$1763,$1764), ($1765,$1766,CAST($1767::text AS "public"."Mood"),$1768,$1769,$1770), ($1771,$1772,CAST($1773::text AS "public"."Mood"),$1774,$1775,$1776), ($1777,$1778,CAST($1779::text AS "public"."Mood"),$1780,$1781,$1782), ($1783,$1784,CAST($1785::text AS "public"."Mood"),$1786,$1787,$1788), ($1789,$1790,CAST($1791::text AS "public"."Mood"),$1792,$1793,$1794), ($1795,$1796,CAST($1797::text AS "public"."Mood"),$1798,$1799,$1800), ($1801,$1802,CAST($1803::text AS "public"."Mood"),$1804,$1805,$1806), ($1807,$1808,CAST($1809::text AS "public"."Mood"),$1810,$1811,$1812), ($1813,$1814,CAST($1815::text AS "public"."Mood"),$1816,$1817,$1818), ($1819,$1820,CAST($1821::text AS "public"."Mood"),$1822,$1823,$1824), ($1825,$1826,CAST($1827::text AS "public"."Mood"),$1828,$1829,$1830), ($1831,$1832,CAST($1833::text AS "public"."Mood"),$1834,$1835,$1836), ($1837,$1838,CAST($1839::text AS "public"."Mood"),$1840,$1841,$1842), ($1843,$1844,CAST($1845::text AS "public"."Mood"),$1846,$1847,$1848), ($1849,$1850,CAST($1851::text AS "public"."Mood"),$1852,$1853,$1854), ($1855,$1856,CAST($1857::text AS "public"."Mood"),$1858,$1859,$1860), ($1861,$1862,CAST($1863::text AS "public"."Mood"),$1864,$1865,$1866), ($1867,$1868,CAST($1869::text AS "public"."Mood"),$1870,$1871,$1872), ($1873,$1874,CAST($1875::text AS "public"."Mood"),$1876,$1877,$1878), ($1879,$1880,CAST($1881::text AS "public"."Mood"),$1882,$1883,$1884), ($1885,$1886,CAST($1887::text AS "public"."Mood"),$1888,$1889,$1890), ($1891,$1892,CAST($1893::text AS "public"."Mood"),$1894,$1895,$1896), ($1897,$1898,CAST($1899::text AS "public"."Mood"),$1900,$1901,$1902), ($1903,$1904,CAST($1905::text AS "public"."Mood"),$1906,$1907,$1908), ($1909,$1910,CAST($1911::text AS "public"."Mood"),$1912,$1913,$1914), ($1915,$1916,CAST($1917::text AS "public"."Mood"),$1918,$1919,$1920), ($1921,$1922,CAST($1923::text AS "public"."Mood"),$1924,$1925,$1926), ($1927,$1928,CAST($1929::text AS "public"."Mood"),$1930,$1931,$1932), ($1933,$1934,CAST($1935::text AS "public"."Mood"),$1936,$1937,$1938), ($1939,$1940,CAST($1941::text AS "public"."Mood"),$1942,$1943,$1944), ($1945,$1946,CAST($1947::text AS "public"."Mood"),$1948,$1949,$1950), ($1951,$1952,CAST($1953::text AS "public"."Mood"),$1954,$1955,$1956), ($1957,$1958,CAST($1959::text AS "public"."Mood"),$1960,$1961,$1962), ($1963,$1964,CAST($1965::text AS "public"."Mood"),$1966,$1967,$1968), ($1969,$1970,CAST($1971::text AS "public"."Mood"),$1972,$1973,$1974), ($1975,$1976,CAST($1977::text AS "public"."Mood"),$1978,$1979,$1980), ($1981,$1982,CAST($1983::text AS "public"."Mood"),$1984,$1985,$1986), ($1987,$1988,CAST($1989::text AS "public"."Mood"),$1990,$1991,$1992), ($1993,$1994,CAST($1995::text AS "public"."Mood"),$1996,$1997,$1998), ($1999,$2000,CAST($2001::text AS "public"."Mood"),$2002,$2003,$2004), ($2005,$2006,CAST($2007::text AS "public"."Mood"),$2008,$2009,$2010), ($2011,$2012,CAST($2013::text AS "public"."Mood"),$2014,$2015,$2016), ($2017,$2018,CAST($2019::text AS "public"."Mood"),$2020,$2021,$2022), ($2023,$2024,CAST($2025::text AS "public"."Mood"),$2026,$2027,$2028), ($2029,$2030,CAST($2031::text AS "public"."Mood"),$2032,$2033,$2034), ($2035,$2036,CAST($2037::text AS "public"."Mood"),$2038,$2039,$2040), ($2041,$2042,CAST($2043::text AS "public"."Mood"),$2044,$2045,$2046), ($2047,$2048,CAST($2049::text AS "public"."Mood"),$2050,$2051,$2052), ($2053,$2054,CAST($2055::text AS "public"."Mood"),$2056,$2057,$2058), ($2059,$2060,CAST($2061::text AS "public"."Mood"),$2062,$2063,$2064), ($2065,$2066,CAST($2067::text AS "public"."Mood"),$2068,$2069,$2070), ($2071,$2072,CAST($2073::text AS "public"."Mood"),$2074,$2075,$2076), ($2077,$2078,CAST($2079::text AS "public"."Mood"),$2080,$2081,$2082), ($2083,$2084,CAST($2085::text AS "public"."Mood"),$2086,$2087,$2088), ($2089,$2090,CAST($2091::text AS "public"."Mood"),$2092,$2093,$2094), ($2095,$2096,CAST($2097::text AS "public"."Mood"),$2098,$2099,$2100), ($2101,$2102,CAST($2103::text AS "public"."Mood"),$2104,$2105,$2106), ($2107,$2108,CAST($2109::text AS "public"."Mood"),$2110,$2111,$2112), ($2113,$2114,CAST($2115::text AS "public"."Mood"),$2116,$2117,$2118), ($2119,$2120,CAST($2121::text AS "public"."Mood"),$2122,$2123,$2124), ($2125,$2126,CAST($2127::text AS "public"."Mood"),$2128,$2129,$2130), ($2131,$2132,CAST($2133::text AS "public"."Mood"),$2134,$2135,$2136), ($2137,$2138,CAST($2139::text AS "public"."Mood"),$2140,$2141,$2142), ($2143,$2144,CAST($2145::text AS "public"."Mood"),$2146,$2147,$2148), ($2149,$2150,CAST($2151::text AS "public"."Mood"),$2152,$2153,$2154), ($2155,$2156,CAST($2157::text AS "public"."Mood"),$2158,$2159,$2160), ($2161,$2162,CAST($2163::text AS "public"."Mood"),$2164,$2165,$2166), ($2167,$2168,CAST($2169::text AS "public"."Mood"),$2170,$2171,$2172), ($2173,$2174,CAST($2175::text AS "public"."Mood"),$2176,$2177,$2178), ($2179,$2180,CAST($2181::text AS "public"."Mood"),$2182,$2183,$2184), ($2185,$2186,CAST($2187::text AS "public"."Mood"),$2188,$2189,$2190), ($2191,$2192,CAST($2193::text AS "public"."Mood"),$2194,$2195,$2196), ($2197,$2198,CAST($2199::text AS "public"."Mood"),$2200,$2201,$2202), ($2203,$2204,CAST($2205::text AS "public"."Mood"),$2206,$2207,$2208), ($2209,$2210,CAST($2211::text AS "public"."Mood"),$2212,$2213,$2214), ($2215,$2216,CAST($2217::text AS "public"."Mood"),$2218,$2219,$2220), ($2221,$2222,CAST($2223::text AS "public"."Mood"),$2224,$2225,$2226), ($2227,$2228,CAST($2229::text AS "public"."Mood"),$2230,$2231,$2232), ($2233,$2234,CAST($2235::text AS "public"."Mood"),$2236,$2237,$2238), ($2239,$2240,CAST($2241::text AS "public"."Mood"),$2242,$2243,$2244), ($2245,$2246,CAST($2247::text AS "public"."Mood"),$2248,$2249,$2250), ($2251,$2252,CAST($2253::text AS "public"."Mood"),$2254,$2255,$2256), ($2257,$2258,CAST($2259::text AS "public"."Mood"),$2260,$2261,$2262), ($2263,$2264,CAST($2265::text AS "public"."Mood"),$2266,$2267,$2268), ($2269,$2270,CAST($2271::text AS "public"."Mood"),$2272,$2273,$2274), ($2275,$2276,CAST($2277::text AS "public"."Mood"),$2278,$2279,$2280), ($2281,$2282,CAST($2283::text AS "public"."Mood"),$2284,$2285,$2286), ($2287,$2288,CAST($2289::text AS "public"."Mood"),$2290,$2291,$2292), ($2293,$2294,CAST($2295::text AS "public"."Mood"),$2296,$2297,$2298), ($2299,$2300,CAST($2301::text AS "public"."Mood"),$2302,$2303,$2304), ($2305,$2306,CAST($2307::text AS "public"."Mood"),$2308,$2309,$2310), ($2311,$2312,CAST($2313::text AS "public"."Mood"),$2314,$2315,$2316), ($2317,$2318,CAST($2319::text AS "public"."Mood"),$2320,$2321,$2322), ($2323,$2324,CAST($2325::text AS "public"."Mood"),$2326,$2327,$2328), ($2329,$2330,CAST($2331::text AS "public"."Mood"),$2332,$2333,$2334), ($2335,$2336,CAST($2337::text AS "public"."Mood"),$2338,$2339,$2340), ($2341,$2342,CAST($2343::text AS "public"."Mood"),$2344,$2345,$2346), ($2347,$2348,CAST($2349::text AS "public"."Mood"),$2350,$2351,$2352), ($2353,$2354,CAST($2355::text AS "public"."Mood"),$2356,$2357,$2358), ($2359,$2360,CAST($2361::text AS "public"."Mood"),$2362,$2363,$2364), ($2365,$2366,CAST($2367::text AS "public"."Mood"),$2368,$2369,$2370), ($2371,$2372,CAST($2373::text AS "public"."Mood"),$2374,$2375,$2376), ($2377,$2378,CAST($2379::text AS "public"."Mood"),$2380,$2381,$2382), ($2383,$2384,CAST($2385::text AS "public"."Mood"),$2386,$2387,$2388), ($2389,$2390,CAST($2391::text AS "public"."Mood"),$2392,$2393,$2394), ($2395,$2396,CAST($2397::text AS "public"."Mood"),$2398,$2399,$2400), ($2401,$2402,CAST($2403::text AS "public"."Mood"),$2404,$2405,$2406), ($2407,$2408,CAST($2409::text AS "public"."Mood"),$2410,$2411,$2412), ($2413,$2414,CAST($2415::text AS "public"."Mood"),$2416,$2417,$2418), ($2419,$2420,CAST($2421::text AS "public"."Mood"),$2422,$2423,$2424), ($2425,$2426,CAST($2427::text AS "public"."Mood"),$2428,$2429,$2430), ($2431,$2432,CAST($2433::text AS "public"."Mood"),$2434,$2435,$2436), ($2437,$2438,CAST($2439::text AS "public"."Mood"),$2440,$2441,$2442), ($2443,$2444,CAST($2445::text AS "public"."Mood"),$2446,$2447,$2448), ($2449,$2450,CAST($2451::text AS "public"."Mood"),$2452,$2453,$2454), ($2455,$2456,CAST($2457::text AS "public"."Mood"),$2458,$2459,$2460), ($2461,$2462,CAST($2463::text AS "public"."Mood"),$2464,$2465,$2466), ($2467,$2468,CAST($2469::text AS "public"."Mood"),$2470,$2471,$2472), ($2473,$2474,CAST($2475::text AS "public"."Mood"),$2476,$2477,$2478), ($2479,$2480,CAST($2481::text AS "public"."Mood"),$2482,$2483,$2484), ($2485,$2486,CAST($2487::text AS "public"."Mood"),$2488,$2489,$2490), ($2491,$2492,CAST($2493::text AS "public"."Mood"),$2494,$2495,$2496), ($2497,$2498,CAST($2499::text AS "public"."Mood"),$2500,$2501,$2502), ($2503,$2504,CAST($2505::text AS "public"."Mood"),$2506,$2507,$2508), ($2509,$2510,CAST($2511::text AS "public"."Mood"),$2512,$2513,$2514), ($2515,$2516,CAST($2517::text AS "public"."Mood"),$2518,$2519,$2520), ($2521,$2522,CAST($2523::text AS "public"."Mood"),$2524,$2525,$2526), ($2527,$2528,CAST($2529::text AS "public"."Mood"),$2530,$2531,$2532), ($2533,$2534,CAST($2535::text AS "public"."Mood"),$2536,$2537,$2538), ($2539,$2540,CAST($2541::text AS "public"."Mood"),$2542,$2543,$2544), ($2545,$2546,CAST($2547::text AS "public"."Mood"),$2548,$2549,$2550), ($2551,$2552,CAST($2553::text AS "public"."Mood"),$2554,$2555,$2556), ($2557,$2558,CAST($2559::text AS "public"."Mood"),$2560,$2561,$2562), ($2563,$2564,CAST($2565::text AS "public"."Mood"),$2566,$2567,$2568), ($2569,$2570,CAST($2571::text AS "public"."Mood"),$2572,$2573,$2574), ($2575,$2576,CAST($2577::text AS "public"."Mood"),$2578,$2579,$2580), ($2581,$2582,CAST($2583::text AS "public"."Mood"),$2584,$2585,$2586), ($2587,$2588,CAST($2589::text AS "public"."Mood"),$2590,$2591,$2592), ($2593,$2594,CAST($2595::text AS "public"."Mood"),$2596,$2597,$2598), ($2599,$2600,CAST($2601::text AS "public"."Mood"),$2602,$2603,$2604), ($2605,$2606,CAST($2607::text AS "public"."Mood"),$2608,$2609,$2610), ($2611,$2612,CAST($2613::text AS "public"."Mood"),$2614,$2615,$2616), ($2617,$2618,CAST($2619::text AS "public"."Mood"),$2620,$2621,$2622), ($2623,$2624,CAST($2625::text AS "public"."Mood"),$2626,$2627,$2628), ($2629,$2630,CAST($2631::text AS "public"."Mood"),$2632,$2633,$2634), ($2635,$2636,CAST($2637::text AS "public"."Mood"),$2638,$2639,$2640), ($2641,$2642,CAST($2643::text AS "public"."Mood"),$2644,$2645,$2646), ($2647,$2648,CAST($2649::text AS "public"."Mood"),$2650,$2651,$2652), ($2653,$2654,CAST($2655::text AS "public"."Mood"),$2656,$2657,$2658), ($2659,$2660,CAST($2661::text AS "public"."Mood"),$2662,$2663,$2664), ($2665,$2666,CAST($2667::text AS "public"."Mood"),$2668,$2669,$2670), ($2671,$2672,CAST($2673::text AS "public"."Mood"),$2674,$2675,$2676), ($2677,$2678,CAST($2679::text AS "public"."Mood"),$2680,$2681,$2682), ($2683,$2684,CAST($2685::text AS "public"."Mood"),$2686,$2687,$2688), ($2689,$2690,CAST($2691::text AS "public"."Mood"),$2692,$2693,$2694), ($2695,$2696,CAST($2697::text AS "public"."Mood"),$2698,$2699,$2700), ($2701,$2702,CAST($2703::text AS "public"."Mood"),$2704,$2705,$2706), ($2707,$2708,CAST($2709::text AS "public"."Mood"),$2710,$2711,$2712), ($2713,$2714,CAST($2715::text AS "public"."Mood"),$2716,$2717,$2718), ($2719,$2720,CAST($2721::text AS "public"."Mood"),$2722,$2723,$2724), ($2725,$2726,CAST($2727::text AS "public"."Mood"),$2728,$2729,$2730), ($2731,$2732,CAST($2733::text AS "public"."Mood"),$2734,$2735,$2736), ($2737,$2738,CAST($2739::text AS "public"."Mood"),$2740,$2741,$2742), ($2743,$2744,CAST($2745::text AS "public"."Mood"),$2746,$2747,$2748), ($2749,$2750,CAST($2751::text AS "public"."Mood"),$2752,$2753,$2754), ($2755,$2756,CAST($2757::text AS "public"."Mood"),$2758,$2759,$2760), ($2761,$2762,CAST($2763::text AS "public"."Mood"),$2764,$2765,$2766), ($2767,$2768,CAST($2769::text AS "public"."Mood"),$2770,$2771,$2772), ($2773,$2774,CAST($2775::text AS "public"."Mood"),$2776,$2777,$2778), ($2779,$2780,CAST($2781::text AS "public"."Mood"),$2782,$2783,$2784), ($2785,$2786,CAST($2787::text AS "public"."Mood"),$2788,$2789,$2790), ($2791,$2792,CAST($2793::text AS "public"."Mood"),$2794,$2795,$2796), ($2797,$2798,CAST($2799::text AS "public"."Mood"),$2800,$2801,$2802), ($2803,$2804,CAST($2805::text AS "public"."Mood"),$2806,$2807,$2808), ($2809,$2810,CAST($2811::text AS "public"."Mood"),$2812,$2813,$2814), ($2815,$2816,CAST($2817::text AS "public"."Mood"),$2818,$2819,$2820), ($2821,$2822,CAST($2823::text AS "public"."Mood"),$2824,$2825,$2826), ($2827,$2828,CAST($2829::text AS "public"."Mood"),$2830,$2831,$2832), ($2833,$2834,CAST($2835::text AS "public"."Mood"),$2836,$2837,$2838), ($2839,$2840,CAST($2841::text AS "public"."Mood"),$2842,$2843,$2844), ($2845,$2846,CAST($2847::text AS "public"."Mood"),$2848,$2849,$2850), ($2851,$2852,CAST($2853::text AS "public"."Mood"),$2854,$2855,$2856), ($2857,$2858,CAST($2859::text AS "public"."Mood"),$2860,$2861,$2862), ($2863,$2864,CAST($2865::text AS "public"."Mood"),$2866,$2867,$2868), ($2869,$2870,CAST($2871::text AS "public"."Mood"),$2872,$2873,$2874), ($2875,$2876,CAST($2877::text AS "public"."Mood"),$2878,$2879,$2880), ($2881,$2882,CAST($2883::text AS "public"."Mood"),$2884,$2885,$2886), ($2887,$2888,CAST($2889::text AS "public"."Mood"),$2890,$2891,$2892), ($2893,$2894,CAST($2895::text AS "public"."Mood"),$2896,$2897,$2898), ($2899,$2900,CAST($2901::text AS "public"."Mood"),$2902,$2903,$2904), ($2905,$2906,CAST($2907::text AS "public"."Mood"),$2908,$2909,$2910), ($2911,$2912,CAST($2913::text AS "public"."Mood"),$2914,$2915,$2916), ($2917,$2918,CAST($2919::text AS "public"."Mood"),$2920,$2921,$2922), ($2923,$2924,CAST($2925::text AS "public"."Mood"),$2926,$2927,$2928), ($2929,$2930,CAST($2931::text AS "public"."Mood"),$2932,$2933,$2934), ($2935,$2936,CAST($2937::text AS "public"."Mood"),$2938,$2939,$2940), ($2941,$2942,CAST($2943::text AS "public"."Mood"),$2944,$2945,$2946), ($2947,$2948,CAST($2949::text AS "public"."Mood"),$2950,$2951,$2952), ($2953,$2954,CAST($2955::text AS "public"."Mood"),$2956,$2957,$2958), ($2959,$2960,CAST($2961::text AS "public"."Mood"),$2962,$2963,$2964), ($2965,$2966,CAST($2967::text AS "public"."Mood"),$2968,$2969,$2970), ($2971,$2972,CAST($2973::text AS "public"."Mood"),$2974,$2975,$2976), ($2977,$2978,CAST($2979::text AS "public"."Mood"),$2980,$2981,$2982), ($2983,$2984,CAST($2985::text AS "public"."Mood"),$2986,$2987,$2988), ($2989,$2990,CAST($2991::text AS "public"."Mood"),$2992,$2993,$2994), ($2995,$2996,CAST($2997::text AS "public"."Mood"),$2998,$2999,$3000) ON CONFLICT DO NOTHING
====
INSERT INTO "public"."person" ("name","mood","big","money","born") VALUES ($1,CAST($2::text AS "public"."Mood"),$3,$4,$5), ($6,CAST($7::text AS "public"."Mood"),$8,$9,$10) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."money"
====
SELECT "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra", COALESCE("aggr_selection_0_Letter"."_aggr_count_letters", 0) AS "_aggr_count_letters" FROM "public"."person" LEFT JOIN (SELECT "public"."letter"."fromId", COUNT(*) AS "_aggr_count_letters" FROM "public"."letter" WHERE 1=1 GROUP BY "public"."letter"."fromId") AS "aggr_selection_0_Letter" ON ("public"."person"."id" = "aggr_selection_0_Letter"."fromId") WHERE (("public"."person"."name" ILIKE ('%' || $1 || '%') OR EXISTS(SELECT "t0"."fromId" FROM "public"."letter" AS "t0" WHERE ("t0"."text" = $2 AND ("public"."person"."id") = ("t0"."fromId") AND "t0"."fromId" IS NOT NULL))) AND (NOT "public"."person"."age" IS NULL)) ORDER BY "public"."person"."age" DESC, "public"."person"."id" ASC LIMIT $3 OFFSET $4
====
SELECT "public"."letter"."id", "public"."letter"."text", "public"."letter"."fromId" FROM "public"."letter" WHERE "public"."letter"."fromId" IN ($1,$2,$3,$4,$5) ORDER BY "public"."letter"."id" ASC OFFSET $6
====
SELECT "public"."person"."id", "public"."person"."name" FROM "public"."person" WHERE "public"."person"."id" >= (SELECT "public"."person"."id" FROM "public"."person" WHERE ("public"."person"."name") = ($1)) ORDER BY "public"."person"."id" ASC LIMIT $2 OFFSET $3
====
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."person"."id" FROM "public"."person" WHERE "public"."person"."age" IN ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50,$51,$52,$53,$54,$55,$56,$57,$58,$59,$60,$61,$62,$63,$64,$65,$66,$67,$68,$69,$70,$71,$72,$73,$74,$75,$76,$77,$78,$79,$80,$81,$82,$83,$84,$85,$86,$87,$88,$89,$90,$91,$92,$93,$94,$95,$96,$97,$98,$99,$100,$101,$102,$103,$104,$105,$106,$107,$108,$109,$110,$111,$112,$113,$114,$115,$116,$117,$118,$119,$120,$121,$122,$123,$124,$125,$126,$127,$128,$129,$130,$131,$132,$133,$134,$135,$136,$137,$138,$139,$140,$141,$142,$143,$144,$145,$146,$147,$148,$149,$150,$151,$152,$153,$154,$155,$156,$157,$158,$159,$160,$161,$162,$163,$164,$165,$166,$167,$168,$169,$170,$171,$172,$173,$174,$175,$176,$177,$178,$179,$180,$181,$182,$183,$184,$185,$186,$187,$188,$189,$190,$191,$192,$193,$194,$195,$196,$197,$198,$199,$200,$201,$202,$203,$204,$205,$206,$207,$208,$209,$210,$211,$212,$213,$214,$215,$216,$217,$218,$219,$220,$221,$222,$223,$224,$225,$226,$227,$228,$229,$230,$231,$232,$233,$234,$235,$236,$237,$238,$239,$240,$241,$242,$243,$244,$245,$246,$247,$248,$249,$250,$251,$252,$253,$254,$255,$256,$257,$258,$259,$260,$261,$262,$263,$264,$265,$266,$267,$268,$269,$270,$271,$272,$273,$274,$275,$276,$277,$278,$279,$280,$281,$282,$283,$284,$285,$286,$287,$288,$289,$290,$291,$292,$293,$294,$295,$296,$297,$298,$299,$300,$301,$302,$303,$304,$305,$306,$307,$308,$309,$310,$311,$312,$313,$314,$315,$316,$317,$318,$319,$320,$321,$322,$323,$324,$325,$326,$327,$328,$329,$330,$331,$332,$333,$334,$335,$336,$337,$338,$339,$340,$341,$342,$343,$344,$345,$346,$347,$348,$349,$350,$351,$352,$353,$354,$355,$356,$357,$358,$359,$360,$361,$362,$363,$364,$365,$366,$367,$368,$369,$370,$371,$372,$373,$374,$375,$376,$377,$378,$379,$380,$381,$382,$383,$384,$385,$386,$387,$388,$389,$390,$391,$392,$393,$394,$395,$396,$397,$398,$399,$400) OFFSET $401) AS "sub"
====
SELECT SUM("age") AS "_sum$age", SUM("big") AS "_sum$big", AVG("age") AS "_avg$age", MAX("born") AS "_max$born" FROM (SELECT "public"."person"."age", "public"."person"."big", "public"."person"."born" FROM "public"."person" WHERE 1=1 OFFSET $1) AS "sub"
====
SELECT COUNT(*) AS "_count$_all", "public"."person"."mood"::text FROM "public"."person" WHERE 1=1 GROUP BY "public"."person"."mood" HAVING AVG("public"."person"."age") > $1 ORDER BY "public"."person"."mood" ASC OFFSET $2
====
INSERT INTO "public"."person" ("name","mood","big","money","born") VALUES ($1,CAST($2::text AS "public"."Mood"),$3,$4,$5) ON CONFLICT ("name") DO UPDATE SET "age" = ("public"."person"."age" + $6), "tags" = "public"."person"."tags" || $7 WHERE ("public"."person"."name" = $8 AND 1=1) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."tags"
====
UPDATE "public"."person" SET "age" = ("public"."person"."age" * $1), "extra" = $2 WHERE "public"."person"."age" > $3
====
SELECT "public"."person"."id", "public"."person"."name" FROM "public"."person" WHERE (("public"."person"."extra"#>ARRAY[$1]::text[])::jsonb @> $2 AND JSONB_TYPEOF(("public"."person"."extra"#>ARRAY[$3]::text[])::jsonb) = $4) OFFSET $5
====
INSERT INTO "public"."person" ("name","mood","big","money","born") VALUES ($1,CAST($2::text AS "public"."Mood"),$3,$4,$5) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra"
====
INSERT INTO "public"."person" ("name","age","mood","big","money","born") VALUES ($1,$2,CAST($3::text AS "public"."Mood"),$4,$5,$6) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra"
====
INSERT INTO "public"."letter" ("text","fromId") VALUES ($1,$2) RETURNING "public"."letter"."id", "public"."letter"."text", "public"."letter"."fromId"
====
DELETE FROM "public"."person" WHERE ("public"."person"."name" = $1 AND 1=1) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra"
====
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."person"."id" FROM "public"."person" WHERE 1=1 OFFSET $1) AS "sub"
====
DELETE FROM "public"."person" WHERE "public"."person"."name" = $1
====
DELETE FROM "public"."person" WHERE 1=1
====
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
====
UPDATE "public"."person" SET "name" = $1 WHERE ("public"."person"."name" = $2 AND 1=1) RETURNING "public"."person"."id", "public"."person"."name", "public"."person"."age", "public"."person"."mood"::text, "public"."person"."big", "public"."person"."money", "public"."person"."data", "public"."person"."born", "public"."person"."tags", "public"."person"."extra"
====
select current_setting('transaction_isolation'), count(*) from person where name = $1
====
select $1::int as a, $2::text as b, $3::timestamptz as c, $4::int[] as d, 1.5::numeric as e, '{"k": 1}'::jsonb as f, 2::bigint as g
====
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."person"."id" FROM "public"."person" WHERE "public"."person"."age" < $1 OFFSET $2) AS "sub"
====
select $1::text as t
