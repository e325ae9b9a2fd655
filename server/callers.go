package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web"
)

// callerFlags are the flags of serve about who may ask, and what.
type callerFlags struct {
	OIDCIssuer      string      `name:"oidc-issuer" env:"OIDC_ISSUER" placeholder:"URL" help:"The identity provider whose access tokens tell who asks. Without it, only services with keys are known."`
	OIDCAudience    string      `name:"oidc-audience" env:"OIDC_AUDIENCE" placeholder:"NAME" help:"What the tokens must be made out to."`
	OIDCGroupsClaim string      `name:"oidc-groups-claim" env:"OIDC_GROUPS_CLAIM" default:"groups" placeholder:"NAME" help:"The claim of a token that lists its groups, such as realm_access.roles (default ${default})."`
	OIDCNameClaim   string      `name:"oidc-name-claim" env:"OIDC_NAME_CLAIM" default:"sub" placeholder:"NAME" help:"The claim that the record of access calls a person by (default ${default})."`
	OIDCGroups      groupScopes `name:"oidc-groups" env:"OIDC_GROUPS" placeholder:"GROUP=SCOPE,…;…" help:"What the members of each group may do."`

	Purposes        purposeList `env:"PURPOSES" placeholder:"NAME,…" help:"What X-Purpose may say; any word, unless set."`
	PurposeRequired truth       `env:"PURPOSE_REQUIRED" default:"false" placeholder:"BOOL" help:"Whether every request must say its purpose, in X-Purpose (default ${default})."`

	TrustedDocuments string `env:"TRUSTED_DOCUMENTS" placeholder:"FILE" help:"A manifest of GraphQL documents that may be asked for by their ids, as Apollo's tools, Relay and GraphQL Code Generator write it."`
	TrustedOnly      truth  `name:"trusted-documents-only" env:"TRUSTED_DOCUMENTS_ONLY" default:"false" placeholder:"BOOL" help:"Whether only those may be asked, but by callers with the scope documents:any (default ${default})."`
	OpenSchema       *truth `env:"OPEN_SCHEMA" placeholder:"BOOL" help:"Whether every caller may ask for the schema, and not those with the scope schema:read alone. True for the developer of sample residents, unless set."`
	Playground       *truth `env:"PLAYGROUND" placeholder:"BOOL" help:"Whether the playground is served. True for the developer of sample residents, unless set."`

	CORSOrigins    originList  `name:"cors-origins" env:"CORS_ORIGINS" placeholder:"ORIGIN,…" help:"Origins whose pages may ask by a browser. None, unless set."`
	TrustedProxies networkList `env:"TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Proxies whose X-Forwarded-For says where a request comes from. None, unless set."`

	RequestsPerMinute number `env:"REQUESTS_PER_MINUTE" default:"6000" placeholder:"1..1000000000" help:"The most requests of one caller, unless their key says otherwise (default ${default}). A sixth of it may be asked at once."`
	CostPerMinute     number `env:"COST_PER_MINUTE" default:"2000000" placeholder:"${operation_cost}..1000000000" help:"The most that the operations of one caller may cost in a minute (default ${default}). A sixth of it may be asked at once."`
	FailuresPerMinute number `env:"FAILURES_PER_MINUTE" default:"30" placeholder:"1..1000000000" help:"How many credentials that are no good an address may send (default ${default}). Of more, keys that are not known are not looked up."`

	documents *web.Documents // once read has read them
	issuer    *access.Issuer // likewise; nil where there is none
}

// read reads what the flags name, and returns an error with every fault that no flag has by itself.
func (f *callerFlags) read(now func() time.Time) error {
	var onlyErr, documentsErr, issuerErr error
	if f.TrustedOnly && f.TrustedDocuments == "" {
		onlyErr = errors.New("TRUSTED_DOCUMENTS_ONLY (--trusted-documents-only) needs TRUSTED_DOCUMENTS")
	}
	f.documents, documentsErr = web.ReadDocuments(f.TrustedDocuments, bool(f.TrustedOnly))
	if documentsErr != nil {
		documentsErr = fmt.Errorf("TRUSTED_DOCUMENTS (--trusted-documents) cannot be read: %w",
			documentsErr)
	}
	if f.issuer, issuerErr = f.readIssuer(now); issuerErr != nil {
		issuerErr = fmt.Errorf("OIDC_ISSUER (--oidc-issuer) %w", issuerErr)
	}
	return errors.Join(onlyErr, documentsErr, issuerErr)
}

// readIssuer returns nil where no identity provider is named.
func (f *callerFlags) readIssuer(now func() time.Time) (*access.Issuer, error) {
	if f.OIDCIssuer == "" {
		if f.OIDCAudience != "" || f.OIDCGroups != nil {
			return nil, errors.New("is missing, though more is said of it")
		}
		return nil, nil
	}
	issuer, err := access.NewIssuer(access.IssuerOptions{
		URL: f.OIDCIssuer, Audience: strings.TrimSpace(f.OIDCAudience),
		GroupsClaim: f.OIDCGroupsClaim, NameClaim: f.OIDCNameClaim, Groups: f.OIDCGroups, Now: now,
	})
	if err != nil {
		return nil, fmt.Errorf("cannot be used: %w", err)
	}
	return issuer, nil
}

// groupScopes are what the members of each group may do.
type groupScopes map[string]access.Scopes

// UnmarshalText reads groups and their scopes. It returns an error with every fault.
func (g *groupScopes) UnmarshalText(text []byte) error {
	*g = make(groupScopes)
	known := web.Scopes()
	var faults []string
	for entry := range strings.SplitSeq(string(text), ";") {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		at := strings.LastIndex(entry, "=") // a group may have one in its name
		group, words := strings.TrimSpace(entry[:max(at, 0)]), entry[at+1:]
		if group == "" {
			faults = append(faults,
				"must be like social-care=residents:read,mosaic:read;housing=residents:read")
			continue
		}
		if _, twice := (*g)[group]; twice {
			faults = append(faults, "must not have a group twice")
		}
		scopes, err := access.ParseScopes(words, known)
		if err != nil {
			faults = append(faults, "cannot be read: "+err.Error())
		}
		(*g)[group] = scopes
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

type purposeList []string

// UnmarshalText reads the names of purposes.
func (l *purposeList) UnmarshalText(text []byte) error {
	*l = listed(string(text))
	if len(*l) == 0 {
		return errors.New("names none: leave it out to allow any")
	}
	for _, purpose := range *l {
		if !access.IsName(purpose) {
			return errors.New(
				"must be names of lower-case letters, digits, dots and dashes, with commas between them")
		}
	}
	return nil
}

type originList []string

// UnmarshalText reads origins.
func (l *originList) UnmarshalText(text []byte) error {
	*l = listed(string(text))
	for _, origin := range *l {
		u, err := url.Parse(origin)
		isOne := err == nil && u.Host != "" && u.Scheme+"://"+u.Host == origin
		if !isOne || strings.Contains(origin, "*") {
			return errors.New(
				"must be origins such as https://app.example.org, with commas between them")
		}
	}
	return nil
}

type networkList []netip.Prefix

// UnmarshalText reads networks, none of which may be all addresses.
func (l *networkList) UnmarshalText(text []byte) error {
	prefixes, err := access.ParsePrefixes(string(text))
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	for _, prefix := range prefixes {
		if prefix.Bits() == 0 {
			return errors.New("must not trust everyone to say where they come from")
		}
	}
	*l = prefixes
	return nil
}
