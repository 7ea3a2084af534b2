# Written by hand: window functions, grouping sets, recursion, LATERAL, JSON paths, JSON_TABLE, arrays, ranges, full text search, functions of PostGIS, pgvector, TimescaleDB and tablefunc, types and their operators.
# Each is parsed by the grammar of PostgreSQL 18.
====
SELECT date_trunc('week', ordered_at) AS week, region, sum(amount) AS total, sum(sum(amount)) OVER (PARTITION BY region ORDER BY date_trunc('week', ordered_at)) AS running FROM orders GROUP BY 1, 2 ORDER BY 1, 2
====
SELECT region, product, sum(amount), grouping(region, product) FROM orders GROUP BY GROUPING SETS ((region, product), (region), ())
====
SELECT region, product, channel, count(*) FROM orders GROUP BY CUBE (region, product), ROLLUP (channel) HAVING count(*) > 10
====
WITH RECURSIVE tree AS (SELECT id, parent_id, name, 0 AS depth, ARRAY[id] AS path FROM nodes WHERE parent_id IS NULL UNION ALL SELECT n.id, n.parent_id, n.name, t.depth + 1, t.path || n.id FROM nodes n JOIN tree t ON n.parent_id = t.id WHERE NOT n.id = ANY (t.path)) SELECT repeat('  ', depth) || name FROM tree ORDER BY path
====
WITH RECURSIVE search_graph(id, link, data) AS (SELECT g.id, g.link, g.data FROM graph g UNION ALL SELECT g.id, g.link, g.data FROM graph g, search_graph sg WHERE g.id = sg.link) SEARCH DEPTH FIRST BY id SET ordercol CYCLE id SET is_cycle USING path SELECT * FROM search_graph ORDER BY ordercol
====
WITH monthly AS MATERIALIZED (SELECT date_trunc('month', at) AS m, count(*) AS n FROM events GROUP BY 1), growth AS NOT MATERIALIZED (SELECT m, n, lag(n) OVER w AS before FROM monthly WINDOW w AS (ORDER BY m)) SELECT m, n, round(100.0 * (n - before) / nullif(before, 0), 1) AS percent FROM growth
====
SELECT c.name, o.* FROM customers c CROSS JOIN LATERAL (SELECT id, amount FROM orders o WHERE o.customer_id = c.id ORDER BY amount DESC LIMIT 3) o
====
SELECT day::date, coalesce(n, 0) FROM generate_series('2024-01-01'::timestamptz, '2024-12-31', interval '1 day') AS day LEFT JOIN (SELECT at::date AS d, count(*) AS n FROM events GROUP BY 1) e ON e.d = day::date ORDER BY 1
====
SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_ms), mode() WITHIN GROUP (ORDER BY status) FROM requests WHERE at > now() - interval '1 hour'
====
SELECT id, ntile(4) OVER w, first_value(x) OVER w, nth_value(x, 2) OVER w, cume_dist() OVER w FROM t WINDOW w AS (PARTITION BY g ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)
====
SELECT avg(v) OVER (ORDER BY at GROUPS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE TIES) FROM samples
====
SELECT avg(v) OVER (ORDER BY at RANGE BETWEEN '1 hour'::interval PRECEDING AND CURRENT ROW) FROM samples
====
SELECT DISTINCT ON (device_id) device_id, at, value FROM readings ORDER BY device_id, at DESC
====
SELECT user_id, array_agg(DISTINCT page ORDER BY page), string_agg(page, ' > ' ORDER BY at) FROM visits GROUP BY user_id
====
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, count(*) FILTER (WHERE status <> 'paid') AS open, bool_or(late), every(sent) FROM invoices
====
SELECT width_bucket(age, 0, 100, 10) AS bucket, int4range(min(age), max(age), '[]') AS span, count(*) FROM people GROUP BY bucket ORDER BY bucket
====
SELECT corr(x, y), covar_pop(x, y), regr_slope(y, x), regr_r2(y, x), stddev_samp(x), var_pop(y) FROM points
====
SELECT cohort, month_no, count(DISTINCT user_id) FROM (SELECT user_id, min(at) OVER (PARTITION BY user_id)::date AS cohort, extract(month FROM age(at, min(at) OVER (PARTITION BY user_id)))::int AS month_no FROM logins) x GROUP BY 1, 2
====
SELECT * FROM crosstab($$SELECT region, quarter, sum(amount) FROM sales GROUP BY 1, 2 ORDER BY 1, 2$$, $$VALUES ('Q1'), ('Q2'), ('Q3'), ('Q4')$$) AS ct (region text, q1 numeric, q2 numeric, q3 numeric, q4 numeric)
====
SELECT jsonb_path_query_array(doc, '$.items[*] ? (@.price > $min).name', '{"min": 10}') FROM orders WHERE doc @? '$.items[*] ? (@.tags[*] == "new")'
====
SELECT jsonb_path_exists(doc, '$.a.b.** ? (@ like_regex "^x" flag "i")'), jsonb_path_match(doc, 'exists($.c)'), jsonb_path_query_first(doc, 'strict $.d.datetime()') FROM docs
====
SELECT o.id, i.* FROM orders o, jsonb_to_recordset(o.doc -> 'items') AS i (name text, price numeric, qty int)
====
SELECT key, value FROM docs, jsonb_each_text(doc) WHERE value ~* 'copy'
====
SELECT jsonb_set(doc, '{a,0,b}', to_jsonb(now()), true), doc - 'x', doc #- '{y,1}', doc || '{"z": null}', jsonb_strip_nulls(doc) FROM docs
====
SELECT jsonb_object_agg(k, v ORDER BY k), json_build_object('a', 1, 'b', json_build_array(1, 'x', NULL)), row_to_json(t) FROM t
====
SELECT jt.* FROM docs, JSON_TABLE(doc, '$.rows[*]' COLUMNS (n FOR ORDINALITY, id int PATH '$.id', name text PATH '$.name' DEFAULT 'none' ON EMPTY, NESTED PATH '$.tags[*]' COLUMNS (tag text PATH '$'))) AS jt
====
SELECT JSON_VALUE(doc, '$.price' RETURNING numeric), JSON_QUERY(doc, '$.tags' WITH WRAPPER), JSON_EXISTS(doc, '$.x') FROM docs WHERE doc IS JSON OBJECT WITH UNIQUE KEYS
====
SELECT JSON_OBJECT('a' : 1, 'b' VALUE NULL ABSENT ON NULL), JSON_ARRAY(1, 2 RETURNING jsonb), JSON_ARRAYAGG(x ORDER BY x), JSON_SCALAR(3), JSON_SERIALIZE(doc RETURNING text) FROM docs GROUP BY doc
====
SELECT doc['a']['b'][0], doc ->> 'c', doc #>> '{d,e}', doc ? 'f', doc ?| ARRAY['g'], doc @> '{"h": 1}' FROM docs
====
SELECT unnest(tags), generate_subscripts(tags, 1) FROM t
====
SELECT u.tag, u.n, count(*) FROM posts, unnest(tags, weights) WITH ORDINALITY AS u (tag, weight, n) GROUP BY 1, 2
====
SELECT tags[1:2], tags[array_upper(tags, 1)], array_position(tags, 'x'), array_remove(tags, NULL), cardinality(tags), tags && ARRAY['a', 'b'], tags @> '{c}', ARRAY(SELECT DISTINCT unnest(tags)) FROM posts
====
SELECT ARRAY[[1, 2], [3, 4]], '{{1,2},{3,4}}'::int[][], array_fill(0, ARRAY[3, 3]), string_to_array('a,b', ','), array_to_string(ARRAY[1, NULL], ',', '*')
====
SELECT room, tstzrange(since, until, '[)') && tstzrange(now(), now() + interval '1 day'), lower(during), upper_inf(during), isempty(during), during -|- '[2020-01-01,2021-01-01)' FROM bookings
====
SELECT range_agg(during), range_intersect_agg(during), multirange(during) FROM bookings GROUP BY during
====
SELECT * FROM bookings WHERE during @> CURRENT_TIMESTAMP AND room = ANY ('{1,2}') AND '[1,5]'::int4range @> guests
====
SELECT title, ts_rank_cd(tsv, q, 32) AS rank, ts_headline('english', body, q, 'StartSel=<b>, StopSel=</b>, MaxFragments=2') FROM docs, websearch_to_tsquery('english', '"full text" -copy') q WHERE tsv @@ q ORDER BY rank DESC LIMIT 20
====
SELECT setweight(to_tsvector('simple', coalesce(title, '')), 'A') || setweight(to_tsvector(coalesce(body, '')), 'B'), phraseto_tsquery('copy to stdout'), to_tsquery('a & (b | !c) <-> d:*'), numnode(plainto_tsquery('x')), tsvector_to_array(tsv) FROM docs
====
SELECT word, ndoc FROM ts_stat('SELECT tsv FROM docs') ORDER BY ndoc DESC LIMIT 10
====
SELECT similarity(name, 'jon'), name <-> 'jon', word_similarity('jon', name) FROM people WHERE name % 'jon' ORDER BY name <-> 'jon' LIMIT 5
====
SELECT levenshtein(a, b), soundex(a), metaphone(a, 4), unaccent(a), a COLLATE "C" FROM names
====
SELECT ST_AsGeoJSON(geom), ST_Area(geom::geography), ST_Transform(geom, 3857) FROM parcels WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(13.4, 52.5), 4326)::geography, 1000) ORDER BY geom <-> 'SRID=4326;POINT(13.4 52.5)'::geometry LIMIT 10
====
SELECT ST_AsMVT(tile, 'roads', 4096, 'geom') FROM (SELECT id, ST_AsMVTGeom(geom, ST_TileEnvelope(12, 2200, 1343)) AS geom FROM roads WHERE geom && ST_TileEnvelope(12, 2200, 1343)) AS tile
====
SELECT a.id, ST_Union(b.geom), ST_Intersection(a.geom, b.geom) FROM a JOIN b ON ST_Intersects(a.geom, b.geom) GROUP BY a.id, b.geom
====
SELECT time_bucket('5 minutes', at) AS bucket, device, avg(v), last(v, at) FROM metrics WHERE at > now() - interval '1 day' GROUP BY bucket, device
====
SELECT id, embedding <=> '[0.1, 0.2, 0.3]' AS distance FROM items ORDER BY embedding <=> '[0.1, 0.2, 0.3]' LIMIT 5
====
SELECT * FROM t TABLESAMPLE BERNOULLI (1.5) REPEATABLE (42)
====
SELECT a.*, b.* FROM a FULL OUTER JOIN b USING (id, kind) WHERE a.id IS DISTINCT FROM b.id
====
SELECT * FROM a NATURAL JOIN b AS x (p, q) WHERE (p, q) > (1, 'x') AND p NOT BETWEEN SYMMETRIC 5 AND 1
====
SELECT id FROM a INTERSECT ALL SELECT id FROM b EXCEPT DISTINCT (SELECT id FROM c ORDER BY id FETCH FIRST 3 ROWS ONLY)
====
SELECT CASE grade WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE CASE WHEN grade > 9 THEN 'many' END END, nullif(a, ''), greatest(a, b), num_nonnulls(a, b) FROM t
====
SELECT EXISTS (SELECT FROM t WHERE x = 1), 5 = ALL (SELECT x FROM t), x > ANY (ARRAY[1, 2]), x NOT IN (SELECT y FROM u WHERE y IS NOT NULL) FROM t
====
SELECT extract(isodow FROM d), date_part('epoch', i), make_date(2024, 1, 31) + interval '1 month', to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS'), justify_interval(i), d AT TIME ZONE 'Europe/Berlin', date_bin('15 minutes', at, '2001-01-01') FROM times
====
SELECT to_number('1,234.5', '9G999D9'), to_date('05 Dec 2000', 'DD Mon YYYY'), '12.5'::money, 0x1F, 1_000_000, trunc(2.7), round(2.567, 2), 7 % 3, 2 ^ 10, @ -5
====
SELECT overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4), position('o' IN 'copy'), substring('Thomas' SIMILAR '%#"o_a#"_' ESCAPE '#'), trim(BOTH 'x' FROM 'xxcopyxx'), 'abc' SIMILAR TO '(a|b)%', normalize('x', NFC), left('copy', 2), format('%I %L %s', 'a', 'b', 'c')
====
SELECT regexp_matches(line, '(\d{1,3}\.){3}\d{1,3}', 'g'), regexp_split_to_table(line, E'\\s+'), regexp_count(line, 'x'), regexp_substr(line, '[a-z]+', 1, 2), translate(line, 'abc', 'xyz'), split_part(line, ';', -1) FROM logs
====
SELECT encode(sha256(convert_to(name, 'UTF8')), 'hex'), md5(name), decode('DEADBEEF', 'hex'), gen_random_uuid(), digest(name, 'sha1') FROM t
====
SELECT inet '10.0.0.1' << inet '10.0.0.0/8', host(ip), masklen(ip), network(ip), macaddr8_set7bit('08:00:2b:01:02:03:04:05') FROM hosts
====
SELECT box '(0,0),(1,1)' @> point '(0.5,0.5)', circle '<(0,0),2>' && circle '<(1,1),1>', point(1, 2) <-> point(3, 4), area(box '((0,0),(1,1))')
====
SELECT xpath('/a/b/text()', doc), xmlforest(name, age), xmlagg(xmlelement(name row, id)) FROM t GROUP BY doc, name, age
====
SELECT x.* FROM docs, XMLTABLE('/rows/row' PASSING doc COLUMNS id int PATH '@id', name text PATH 'name' NOT NULL) AS x
====
SELECT ROW(1, 'x')::pair, (p).a, (SELECT s FROM (SELECT 1 AS a, 2 AS b) s), p.* FROM (SELECT ROW(1, 'x')::pair AS p) x
====
SELECT t, t.*, count(t), tableoid::regclass, ctid, xmin FROM t GROUP BY t.id, t, tableoid, ctid, xmin
====
SELECT current_user, session_user, current_role, current_catalog, current_schema, current_date, localtimestamp(3), user
====
SELECT 'a'
  'b' AS joined
====
SELECT "copy"."from" FROM public."copy" AS "to" ("from") WHERE "to"."from" LIKE 'copy%'
====
select sum(case when copy then 1 else 0 end) as copies, max(program) as program from print_jobs where stdout is null
====
SELECT *
FROM   orders o      -- all of them
JOIN   customers c ON c.id = o.customer_id /* copy to csv later */
WHERE  o.note <> 'it''s; copy x to stdout'
LIMIT  100;
====
VALUES (1, 'one', true), (2, 'two', false), (3, NULL, DEFAULT_VALUE())
====
TABLE only_this ORDER BY 1 LIMIT 5
