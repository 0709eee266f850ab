-- Words are found within others. With pg_trgm, which a database's owner may add, they are looked up; else gone through.
-- Done at every migration, since the extension may have been installed since.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not there: words are found by going through all texts';
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX IF NOT EXISTS usages_said ON usages USING gin (said gin_trgm_ops);
        CREATE INDEX IF NOT EXISTS pages_said ON pages USING gin (said gin_trgm_ops);
        CREATE INDEX IF NOT EXISTS assets_said ON assets USING gin (said gin_trgm_ops);
    END IF;
END $$;
