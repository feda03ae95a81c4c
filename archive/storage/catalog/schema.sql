-- The catalog: what the archive knows, for looking up. Everything here can be rebuilt from warc/ (except jobs).
--
-- Conventions: `num` is a small internal number, `id` the public one. Times are ISO 8601 text in UTC with microseconds.
-- Order is by number (seq, num), never by a clock's time: clocks go backwards (`placed` goes round that). Blobs named `*_z` are zstandard-compressed JSON.

-- Facts about this catalog: `identity` changes with every rebuild, so that a follower of the change log notices.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each step that brought the schema to where it is.
CREATE TABLE migrations (
  number INTEGER PRIMARY KEY,
  at     TEXT NOT NULL
) STRICT;

-- How much of each WARC file is catalogued: whatever stands beyond `committed` is looked at when writing begins.
CREATE TABLE warc_files (
  num       INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  committed INTEGER NOT NULL
) STRICT;

-- SHA-256 of each stretch of a WARC file that one commit added: together they cover every committed byte, also those
-- that decompression ignores, so that no bit can change unnoticed.
CREATE TABLE stretches (
  file   INTEGER NOT NULL REFERENCES warc_files(num),
  start  INTEGER NOT NULL,
  stop   INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (file, start)
) STRICT, WITHOUT ROWID;

-- All that is held on one URL. `key` is its identity, `id` derives from it. `capture` is the seq of the capture that
-- the current text was read from; outcome and detail are those of the latest one.
CREATE TABLE entries (
  num            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  key            TEXT NOT NULL UNIQUE,
  url            TEXT NOT NULL,
  final_url      TEXT NOT NULL,
  outcome        TEXT NOT NULL,
  detail         TEXT NOT NULL,
  media_type     TEXT NOT NULL,
  depth          INTEGER NOT NULL,          -- the smallest of its captures: 0 where a person asked for it
  first_captured TEXT NOT NULL,
  last_captured  TEXT NOT NULL,
  title          TEXT NOT NULL DEFAULT '',
  version        INTEGER NOT NULL DEFAULT 0, -- number of the current version; 0: none yet
  changes        TEXT NOT NULL DEFAULT '',  -- of all versions, sorted, one a line
  capture        TEXT NOT NULL DEFAULT '',
  note           TEXT NOT NULL DEFAULT '',
  added_by       TEXT NOT NULL DEFAULT '',  -- who brought it in first
  edits          TEXT NOT NULL DEFAULT ''   -- JSON list of Edit: laid over what was read; `title` is what they leave
) STRICT;

-- Every key that led to an entry: its own, the short link, each redirect in between.
CREATE TABLE aliases (
  key   TEXT PRIMARY KEY,
  entry INTEGER NOT NULL REFERENCES entries(num) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_entry ON aliases(entry);

-- One row for each time a URL was asked for. Their order is that of `placed`, then `seq`: `placed` is `at`, but what was
-- fetched never stands before what was there, while an import may bring what is older.
CREATE TABLE captures (
  seq            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  entry          INTEGER REFERENCES entries(num) ON DELETE SET NULL,
  url            TEXT NOT NULL,
  key            TEXT NOT NULL,
  final_url      TEXT NOT NULL,
  at             TEXT NOT NULL,
  outcome        TEXT NOT NULL,
  detail         TEXT NOT NULL,
  method         TEXT NOT NULL,
  hops           TEXT NOT NULL,             -- JSON list of Hop
  status         INTEGER,
  media_type     TEXT,
  charset        TEXT,
  digest         TEXT,                      -- of the decoded body
  size           INTEGER NOT NULL,
  truncated      TEXT,
  depth          INTEGER NOT NULL,
  cited_by       TEXT,                      -- entry id of the article whose link led here
  etag           TEXT,
  last_modified  TEXT,
  added_by       TEXT NOT NULL DEFAULT '',
  login          INTEGER NOT NULL DEFAULT 0, -- cookies of an account were sent
  memento        TEXT,                      -- JSON of Memento: the copy of another archive
  placed         TEXT NOT NULL,
  file           INTEGER NOT NULL REFERENCES warc_files(num),
  journal        INTEGER NOT NULL,          -- offset of its journal record
  content_file   INTEGER REFERENCES warc_files(num),
  content_offset INTEGER                    -- of the record that holds the payload
) STRICT;
CREATE INDEX captures_by_key ON captures(key, placed, seq);
CREATE INDEX captures_by_entry ON captures(entry, placed, seq);
CREATE INDEX captures_of_sources ON captures(outcome, seq) WHERE depth > 0; -- which of them to ask for again

-- What the page of a capture is shown with, in the order in which it was found. `content_…` is where the record
-- stands that holds the payload, which may be an earlier capture's; NULL where none is held.
CREATE TABLE resources (
  capture   INTEGER NOT NULL REFERENCES captures(seq) ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  url       TEXT NOT NULL,
  at        TEXT NOT NULL,
  resource  TEXT NOT NULL,                  -- JSON of Resource
  record_id TEXT NOT NULL DEFAULT '',
  content_file   INTEGER REFERENCES warc_files(num),
  content_offset INTEGER,
  PRIMARY KEY (capture, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX resources_by_url ON resources(url, at) WHERE content_file IS NOT NULL;

-- Where each stored body is, by the digest that WARC defines; what a `revisit` record refers to.
CREATE TABLE bodies (
  digest    BLOB PRIMARY KEY,               -- SHA-256
  file      INTEGER NOT NULL REFERENCES warc_files(num),
  offset    INTEGER NOT NULL,
  record_id TEXT NOT NULL,
  url       TEXT NOT NULL,
  date      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The texts an entry has carried. `article_z` is the Article as it was read.
CREATE TABLE versions (
  num         INTEGER PRIMARY KEY,
  entry       INTEGER NOT NULL REFERENCES entries(num) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  capture     TEXT NOT NULL,
  first_seen  TEXT NOT NULL,
  last_seen   TEXT NOT NULL,
  title       TEXT NOT NULL,
  text_digest TEXT NOT NULL,
  changes     TEXT NOT NULL,                -- against the version before, sorted, one a line
  removed     TEXT NOT NULL DEFAULT '',     -- what it dropped of the version before, one passage a line
  article_z   BLOB NOT NULL,
  UNIQUE (entry, number)
) STRICT;

-- What was understood in the current version: the Reading, and the site that its acronyms are those of. `counted`: its
-- names are among those of the archive, which is so unless the entry is under embargo.
CREATE TABLE readings (
  entry     INTEGER PRIMARY KEY REFERENCES entries(num) ON DELETE CASCADE,
  site      TEXT NOT NULL,
  reading_z BLOB NOT NULL,
  counted   INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX readings_uncounted ON readings(entry) WHERE counted = 0;

-- The links of the current version: `n` counts within Article.links, which has the rest. `key` says where it leads.
CREATE TABLE links (
  entry INTEGER NOT NULL REFERENCES entries(num) ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  key   TEXT NOT NULL,
  PRIMARY KEY (entry, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_key ON links(key);

-- What the archive takes for one thing: people, places and organisations under all their names. `key` is what the
-- spellings of its name share. `name` is shown for all of them, and the `aliases` (sorted, one a line) find it too.
-- One whose names nobody mentions any more may stay behind.
CREATE TABLE things (
  num     INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,                    -- person, place, org
  key     TEXT NOT NULL,
  country TEXT NOT NULL,
  name    TEXT NOT NULL,
  aliases TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, key, country)
) STRICT;

-- Every name and topic that some current version mentions. Places of one name in two countries are two names, and an
-- organisation's that may be an acronym (`short`: its letters) is one for each site, as sites mean different things by
-- it. `thing` is NULL for dates and topics; only for the others are `stories` and `times` kept: how many entries mention
-- it, and how often in all.
CREATE TABLE names (
  num       INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL,                  -- person, place, org, date, topic
  canonical TEXT NOT NULL,
  country   TEXT NOT NULL DEFAULT '',
  site      TEXT NOT NULL DEFAULT '',
  short     TEXT NOT NULL DEFAULT '',
  thing     INTEGER REFERENCES things(num),
  stories   INTEGER NOT NULL DEFAULT 0,
  times     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, canonical, country, site)
) STRICT;
CREATE INDEX names_by_thing ON names(thing);
CREATE INDEX names_by_short ON names(site, short) WHERE short <> '';

-- How names are written in the texts where not as in `canonical`, and in how many entries.
CREATE TABLE spellings (
  name    INTEGER NOT NULL REFERENCES names(num),
  text    TEXT NOT NULL,
  stories INTEGER NOT NULL,
  PRIMARY KEY (name, text)
) STRICT, WITHOUT ROWID;

-- What an acronym means to a site, and how many of its entries say so.
CREATE TABLE acronyms (
  site    TEXT NOT NULL,
  short   TEXT NOT NULL,
  name    INTEGER NOT NULL REFERENCES names(num),
  stories INTEGER NOT NULL,
  PRIMARY KEY (site, short, name)
) STRICT, WITHOUT ROWID;

-- No index by entry, and so no foreign key: what an entry mentions stands in its Reading, and writing is half the work.
CREATE TABLE mentions (
  name  INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (name, entry)
) STRICT, WITHOUT ROWID;

-- `key` is what the spellings of one tag share, `tag` the spelling of its first use, the same in every row with that key.
CREATE TABLE tags (
  entry INTEGER NOT NULL REFERENCES entries(num) ON DELETE CASCADE,
  key   TEXT NOT NULL,
  tag   TEXT NOT NULL,
  PRIMARY KEY (entry, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_key ON tags(key);

-- What each short link stood for. Shorteners die; these rows outlive entries and captures.
CREATE TABLE short_links (
  key   TEXT PRIMARY KEY,                   -- identity of the short URL
  short TEXT NOT NULL,
  long  TEXT NOT NULL,
  at    TEXT NOT NULL                       -- last time this was seen to be so
) STRICT, WITHOUT ROWID;

-- Long work over many items, so that it goes on where it stopped. The one thing here that warc/ does not know.
-- `claim` is the token of whoever works on it (or did, until it died). The last four count its items by state.
CREATE TABLE jobs (
  num      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind     TEXT NOT NULL,                   -- add, import, watch
  source   TEXT NOT NULL,                   -- what identifies the work: paths, a URL …
  settings TEXT NOT NULL,                   -- JSON, as the command that began it understood them
  begun    TEXT NOT NULL,
  ended    TEXT,
  claim    TEXT NOT NULL DEFAULT '',
  waiting  INTEGER NOT NULL DEFAULT 0,
  done     INTEGER NOT NULL DEFAULT 0,
  failed   INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE job_items (
  job    INTEGER NOT NULL REFERENCES jobs(num) ON DELETE CASCADE,
  n      INTEGER NOT NULL,
  key    TEXT,                              -- what makes it the same as another item of its job
  state  TEXT NOT NULL,                     -- waiting, done, failed, rejected
  item   TEXT NOT NULL,                     -- JSON, as the source gave it
  detail TEXT NOT NULL DEFAULT '',
  entry  TEXT,                              -- entry id that it became
  PRIMARY KEY (job, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_items_by_state ON job_items(job, state, n);
CREATE UNIQUE INDEX job_items_by_key ON job_items(job, key);

-- What is watched: feeds, sitemaps, pages, queries. Which they are is journaled in warc/; when to look again and what
-- was seen is not: where it is lost, everything is looked at once more.
CREATE TABLE watches (
  id     TEXT PRIMARY KEY,                  -- derived from `target`
  kind   TEXT NOT NULL,                     -- feed, sitemap, page, query
  target TEXT NOT NULL,                     -- URL, or the query as it was written
  added  TEXT NOT NULL,
  due    TEXT NOT NULL,
  state  TEXT NOT NULL                      -- JSON: validators, failures in a row, when it was last looked at
) STRICT, WITHOUT ROWID;
-- What each watch has seen: the articles of a feed, the page itself, the entries that matched a query.
CREATE TABLE watched (
  watch TEXT NOT NULL REFERENCES watches(id) ON DELETE CASCADE,
  item  TEXT NOT NULL,                      -- entry id (of the URL; another one if that leads elsewhere)
  url   TEXT NOT NULL,
  since TEXT NOT NULL,                      -- when it was first seen, or last changed
  due   TEXT,                               -- when to look again; NULL: never
  told  INTEGER NOT NULL,                   -- how many of its versions have been reported
  PRIMARY KEY (watch, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX watched_by_due ON watched(due) WHERE due IS NOT NULL;
CREATE INDEX watched_by_time ON watched(since);

-- Queries that a person gave a name. Journaled in warc/.
CREATE TABLE searches (
  name  TEXT PRIMARY KEY,                   -- in lower case
  query TEXT NOT NULL,
  added TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was noticed and is still to be delivered, by e-mail or webhook: kept over a rebuild, as nothing else knows of it.
CREATE TABLE outbox (
  num    INTEGER PRIMARY KEY AUTOINCREMENT,
  place  TEXT NOT NULL,                     -- who gets it
  notice TEXT NOT NULL,                     -- JSON
  parcel TEXT NOT NULL DEFAULT ''           -- the message that it goes out in, once that is decided
) STRICT;
CREATE INDEX outbox_by_place ON outbox(place, parcel);

-- What was let go: entries by id, payloads by digest; no import and no link brings them back unasked. `until` is NULL for
-- good. Journaled in warc/.
CREATE TABLE forgotten (
  id     TEXT PRIMARY KEY,
  at     TEXT NOT NULL,
  reason TEXT NOT NULL,
  until  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_until ON forgotten(until) WHERE until IS NOT NULL;

-- The change log, one row per entry with its newest change: followers ask for everything after the seq they have done.
CREATE TABLE changes (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
  id      TEXT NOT NULL UNIQUE,
  deleted INTEGER NOT NULL
) STRICT;
