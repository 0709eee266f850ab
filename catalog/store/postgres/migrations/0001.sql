-- Every table has the record as it is, and as columns only what is asked for.
--
-- key   what the record is known by, in the order of bytes; a very long one is cut (the whole is in the body)
-- came  the order in which records first came
-- xid   the transaction that last wrote the row: what a snapshot does not see was written after it

CREATE TABLE settings (
    name text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE pages (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    site text COLLATE "C" NOT NULL,
    api text COLLATE "C",
    post numeric,
    first_seen text COLLATE "C" NOT NULL,
    said text COLLATE "C" NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX pages_xid ON pages (xid);
CREATE INDEX pages_site ON pages (site, key);
CREATE INDEX pages_post ON pages (api, post) WHERE api IS NOT NULL;

CREATE TABLE usages (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    page text COLLATE "C" NOT NULL,
    asset text COLLATE "C" NOT NULL,
    site text COLLATE "C" NOT NULL,
    said text COLLATE "C" NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX usages_xid ON usages (xid);
CREATE INDEX usages_page ON usages (page);
CREATE INDEX usages_asset ON usages (asset);
CREATE INDEX usages_site ON usages (site);

CREATE TABLE assets (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    said text COLLATE "C" NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX assets_xid ON assets (xid);

CREATE TABLE fetches (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    body jsonb NOT NULL
);

CREATE TABLE runs (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    inputs text COLLATE "C" NOT NULL,
    is_finished boolean NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX runs_unfinished ON runs (inputs) WHERE NOT is_finished;

CREATE TABLE sites (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    body jsonb NOT NULL
);

CREATE TABLE decisions (
    key text COLLATE "C" PRIMARY KEY,
    came bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    body jsonb NOT NULL
);
CREATE INDEX decisions_xid ON decisions (xid);
