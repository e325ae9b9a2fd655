package main

import "github.com/alecthomas/kong"

// flags are all that can be set, as it is written. They are strings so that every fault is found,
// and named, at once.
type flags struct {
	DatabaseURL string `env:"DATABASE_URL" placeholder:"URL" help:"Use this PostgreSQL, and load nothing into it. Without it the gateway starts one of its own."`
	Data        string `env:"DATA_DIR" placeholder:"DIR" help:"Keep the gateway's own PostgreSQL in this folder. Without it, it is gone when the gateway stops."`
	Connections string `env:"DATABASE_CONNECTIONS" default:"16" placeholder:"N" help:"The most connections to the database for each source, from 2 to 1000 (default ${default}). The gateway itself has eight more."`
	Sources     string `env:"SOURCES" placeholder:"NAME,…" help:"Which sources are in use, such as mosaic,academy. All there are, unless set."`

	Addr            string `group:"serve" env:"ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default ${default})."`
	RequestTimeout  string `group:"serve" env:"REQUEST_TIMEOUT" default:"10s" placeholder:"TIME" help:"The longest that an answer may take, from 100ms to 5m (default ${default})."`
	SourceTimeout   string `group:"serve" env:"SOURCE_TIMEOUT" default:"4s" placeholder:"TIME" help:"The longest that one source may take to answer, from 100ms to 5m (default ${default}). The others' answers go on without it. Less than half of the request timeout, or one source may take the time of all."`
	MaxConcurrent   string `name:"max-concurrent-requests" group:"serve" env:"MAX_CONCURRENT_REQUESTS" default:"64" placeholder:"N" help:"How many requests are executed at once, from 1 to 10000 (default ${default}). Twice as many wait, for a second at most; others are answered 503."`
	LogFormat       string `group:"serve" env:"LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"How logs are written: text or json (default ${default})."`
	SampleResidents string `group:"serve" env:"SAMPLE_RESIDENTS" default:"10000" placeholder:"N" help:"How many sample residents the gateway's own PostgreSQL is given, from 1 to 10 million (default ${default})."`

	MaxConnections string `group:"serve" env:"MAX_CONNECTIONS" default:"1024" placeholder:"N" help:"The most connections that are open at once, from 1 to 100000; others wait (default ${default})."`
	MaxBody        string `group:"serve" env:"MAX_BODY_BYTES" default:"262144" placeholder:"N" help:"The largest body of a request, from 1024 to 1048576 bytes (default ${default})."`
	MaxCost        string `group:"serve" env:"MAX_COST" default:"30000" placeholder:"N" help:"The most that one operation may cost, from 1000 to 1000000 (default ${default})."`

	Version kong.VersionFlag `help:"Print the version of the gateway."`

	Callers callerFlags `embed:"" group:"callers"`

	Serve     serveFlags   `cmd:"" default:"1" help:"Answer requests. This is the default."`
	Migrate   migrateFlags `cmd:"" help:"Bring the schema of the database forward, and show where it stands."`
	Seed      seedFlags    `cmd:"" help:"Load sample residents, none of them real: the same ones for the same seed."`
	Load      loadFlags    `cmd:"" help:"Load a file that was exported from a source, in the place of all that is there of it."`
	Key       keyFlags     `cmd:"" help:"The keys of services."`
	AccessLog logFlags     `cmd:"" help:"The record of access: who saw whom, and what."`
	Schema    schemaFlags  `cmd:"" help:"Print the GraphQL schema, with the sources that are in use."`

	Migration migrationFlags `cmd:"" help:"The data migration service: from the systems of record to PostgreSQL."`

	NewSource newSourceFlags `cmd:"" help:"Write the folder of a new source into this repository, and list it: for those who change the gateway."`
}

// serveFlags has none of its own: those of serve are flags of the program, so that the first --help
// lists all that can be set.
type serveFlags struct{}

type newSourceFlags struct {
	Name string `arg:"" placeholder:"NAME" help:"The name of the source: lower-case letters and digits, a letter first, such as planning."`
}

type schemaFlags struct {
	Subgraph bool `help:"As a subgraph, for a registry or a router of Apollo Federation 2."`
}

type migrateFlags struct {
	Status bool    `help:"Only show where the schema stands."`
	Grant  *string `placeholder:"ROLE" help:"Then let this role of the database serve: it may read what is served and add to the record of access, and nothing else."`
}

type migrationStatusFlags struct {
	JSON bool `name:"json" help:"As JSON, as /status.json answers it."`
}

type seedFlags struct {
	Residents string `default:"10000" placeholder:"N" help:"How many residents, from 1 to 10 million (default ${default})."`
	Seed      string `default:"1" placeholder:"S" help:"What the residents are made from: a whole number (default ${default})."`
	Replace   bool   `help:"Replace sample residents that are there. Others are never replaced."`
}

type loadFlags struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as qlik."`
	File   string `arg:"" help:"The file."`
	Fewer  bool   `help:"Load it though it has less than half of what is there."`
}

// callerFlags are what can be set about who may ask, and what.
type callerFlags struct {
	OIDCIssuer      string `name:"oidc-issuer" env:"OIDC_ISSUER" placeholder:"URL" help:"The identity provider whose access tokens tell who asks. Without it, only services with keys are known."`
	OIDCAudience    string `name:"oidc-audience" env:"OIDC_AUDIENCE" placeholder:"NAME" help:"What the tokens must be made out to."`
	OIDCGroupsClaim string `name:"oidc-groups-claim" env:"OIDC_GROUPS_CLAIM" default:"groups" placeholder:"NAME" help:"The claim of a token that lists its groups, such as realm_access.roles (default ${default})."`
	OIDCNameClaim   string `name:"oidc-name-claim" env:"OIDC_NAME_CLAIM" default:"sub" placeholder:"NAME" help:"The claim that the record of access calls a person by (default ${default})."`
	OIDCGroups      string `name:"oidc-groups" env:"OIDC_GROUPS" placeholder:"GROUP=SCOPE,…;…" help:"What the members of each group may do."`

	Purposes        string `env:"PURPOSES" placeholder:"NAME,…" help:"What X-Purpose may say; any word, unless set."`
	PurposeRequired string `env:"PURPOSE_REQUIRED" default:"false" placeholder:"BOOL" help:"Whether every request must say its purpose, in X-Purpose (default ${default})."`

	TrustedDocuments string `env:"TRUSTED_DOCUMENTS" placeholder:"FILE" help:"A manifest of GraphQL documents that may be asked for by their ids, as Apollo's tools, Relay and GraphQL Code Generator write it."`
	TrustedOnly      string `name:"trusted-documents-only" env:"TRUSTED_DOCUMENTS_ONLY" default:"false" placeholder:"BOOL" help:"Whether only those may be asked, but by callers with the scope documents:any (default ${default})."`
	OpenSchema       string `env:"OPEN_SCHEMA" placeholder:"BOOL" help:"Whether every caller may ask for the schema, and not those with the scope schema:read alone. True for the developer of sample residents, unless set."`
	Playground       string `env:"PLAYGROUND" placeholder:"BOOL" help:"Whether the playground is served. True for the developer of sample residents, unless set."`

	CORSOrigins    string `name:"cors-origins" env:"CORS_ORIGINS" placeholder:"ORIGIN,…" help:"Origins whose pages may ask by a browser. None, unless set."`
	TrustedProxies string `env:"TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Proxies whose X-Forwarded-For says where a request comes from. None, unless set."`

	RequestsPerMinute string `env:"REQUESTS_PER_MINUTE" default:"6000" placeholder:"N" help:"The most requests of one caller, from 1, unless their key says otherwise (default ${default}). A sixth of it may be asked at once."`
	CostPerMinute     string `env:"COST_PER_MINUTE" default:"2000000" placeholder:"N" help:"The most that the operations of one caller may cost in a minute, from 30000 (default ${default}). A sixth of it may be asked at once."`
	FailuresPerMinute string `env:"FAILURES_PER_MINUTE" default:"30" placeholder:"N" help:"How many credentials that are no good an address may send, from 1 (default ${default}). Of more, keys that are not known are not looked up."`
}

// keyFlags are those of the commands about keys.
type keyFlags struct {
	Create createKeyFlags `cmd:"" help:"Make a key for a service, and print it, once."`
	List   listKeysFlags  `cmd:"" help:"List the keys there are and were."`
	Rotate rotateKeyFlags `cmd:"" help:"Make the key that follows a service's, and print it, once. The one before it goes on for a while."`
	Revoke revokeKeyFlags `cmd:"" help:"End the keys of a service, or one key, at once: within 5 seconds, wherever it is used."`
}

type listKeysFlags struct{}

type createKeyFlags struct {
	Name              string `required:"" placeholder:"NAME" help:"What the service is called: lower-case letters, digits, dots and dashes."`
	Scopes            string `required:"" placeholder:"SCOPE,…" help:"What it may do; --scopes=? lists what there is."`
	Expires           string `default:"90d" placeholder:"TIME" help:"How long the key is good, up to 365d (default ${default})."`
	RequestsPerMinute string `name:"limit" default:"0" placeholder:"N" help:"The most requests in a minute; 0 for as many as any caller may ask (default ${default})."`
}

type rotateKeyFlags struct {
	Name    string `arg:"" help:"The service."`
	Overlap string `default:"24h" placeholder:"TIME" help:"How long the key before it goes on, up to 30d (default ${default})."`
	Expires string `default:"90d" placeholder:"TIME" help:"How long the new key is good, up to 365d (default ${default})."`
}

type revokeKeyFlags struct {
	Name string `arg:"" help:"The service, or the id of one key."`
}

// logFlags are those of the commands about the record of access.
type logFlags struct {
	Show   showLogFlags  `cmd:"" default:"withargs" help:"Show who saw a resident, or whom a caller saw, the latest first. This is the default."`
	Months monthsFlags   `cmd:"" help:"List the months there are."`
	Prune  pruneLogFlags `cmd:"" help:"Drop the months that need not be kept any longer. It cannot be undone."`
}

type monthsFlags struct{}

type showLogFlags struct {
	Resident string `placeholder:"ID" help:"Whom, by the id that the gateway answers, such as mosaic:1000001."`
	Caller   string `placeholder:"NAME" help:"By whom: the name of a key, or what the identity provider calls a person."`
	Since    string `placeholder:"DAY" help:"From this day or moment on, such as 2026-03-14 or 2026-03-14T09:26:53Z, in UTC."`
	Until    string `placeholder:"DAY" help:"Up to and with this day, or before this moment."`
	Limit    string `default:"1000" placeholder:"N" help:"The most entries (default ${default})."`
	Format   string `default:"text" placeholder:"FORMAT" help:"text, or json for one object in each line (default ${default})."`
}

type pruneLogFlags struct {
	KeepMonths string `env:"ACCESS_LOG_MONTHS" default:"84" placeholder:"N" help:"How many whole months are kept beside this one, from 1 to 1200 (default ${default})."`
}

// migrationFlags are those of the commands about bringing data here.
type migrationFlags struct {
	Load   migrationLoadFlags   `cmd:"" help:"Load a source whole, beside what is served of it, and swap it in once it is proved. A load that was broken off is gone on with."`
	Follow migrationFollowFlags `cmd:"" help:"Apply what changes in a source that was loaded, until it is stopped."`
	Verify migrationVerifyFlags `cmd:"" help:"Compare what is served of a source with the system, row by row, and keep what was found. Exit status 3 when rows differ."`
	Check  migrationCheckFlags  `cmd:"" help:"Compare the tables of a source with what is described: those here and, with --from, those of the system. Exit status 3 when one is another. For every day."`
	Status migrationStatusFlags `cmd:"" help:"Show how fresh each source is, what is wrong and what to do. Exit status 3 when somebody should look."`
	Back   migrationBackFlags   `cmd:"" help:"Serve a source as it was before its last load."`

	DMS dmsFlags `cmd:"" name:"dms" help:"Write what AWS DMS is told: the table mapping and the settings of each task of a source, and its endpoints."`
}

// placeFlags say where a source is read from.
type placeFlags struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as mosaic."`
	From   string `env:"MIGRATION_FROM" placeholder:"PLACE" help:"Where to read it: sqlserver://reader@host?database=mosaic, or NAME=ADDRESS;… where it has several databases; a folder or s3://bucket/prefix?region=… with files that DMS wrote; or landing, for the tables that DMS lands its scheduled loads in. An address with a password belongs in the environment."`
	Files  string `placeholder:"WORD,…" help:"What files look like: header, op (the full load has operations too), unquoted, empty-is-null, null=TEXT, schema=NAME."`
}

type migrationLoadFlags struct {
	placeFlags `embed:""`

	RangeRows     string `default:"50000" placeholder:"N" help:"How many rows are loaded between two checkpoints, from 100 to 1000000 (default ${default})."`
	MostPerSecond string `default:"0" placeholder:"N" help:"How many rows a second are read at most; 0 for as many as there are (default ${default})."`
	Tables        string `placeholder:"NAME,…" help:"Which tables to load again of a source that is served, by their names here. All, unless set."`
	AsOf          string `name:"as-of" placeholder:"MOMENT" help:"The data is as new as this, where it was copied before it is loaded: when DMS began to land it, such as 2026-03-14T01:00:00Z. When the load begins, unless set."`
	Night         string `placeholder:"HH:MM-HH:MM" help:"The hours in which the system may be read, by London's clock, such as 22:00-06:00. At any time, unless set."`
	InsteadOfDMS  bool   `name:"instead-of-dms" help:"Write to what a stopped task of DMS wrote to. The task must never be resumed."`
	Anew          bool   `help:"Throw away a load that was broken off."`
	Fewer         bool   `help:"Swap in tables that have less than half of the rows that are served."`
}

type migrationFollowFlags struct {
	placeFlags `embed:""`

	InsteadOfDMS bool `name:"instead-of-dms" help:"Write to what a stopped task of DMS wrote to. The task must never be resumed."`

	Every string `default:"1s" placeholder:"TIME" help:"How long to rest between two looks for changes, from 100ms to 5m (default ${default})."`
}

type migrationCheckFlags struct {
	placeFlags `embed:""`
}

type migrationVerifyFlags struct {
	placeFlags `embed:""`

	Tables string `placeholder:"NAME,…" help:"Which tables, by their names here. All, unless set."`
	Lag    string `default:"2m" placeholder:"TIME" help:"How long to wait before rows that differ are looked at once more, so that what is on its way is not called lost (default ${default})."`
}

type migrationBackFlags struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as mosaic."`

	InsteadOfDMS bool `name:"instead-of-dms" help:"Exchange what a stopped task of DMS wrote to. The task must never be resumed."`
}

type dmsFlags struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as mosaic."`
	Out    string `required:"" placeholder:"DIR" help:"The folder to write to, such as deploy/dms/mosaic."`
}
