package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

// callerConfig is callerFlags, checked.
type callerConfig struct {
	issuer                                       *access.IssuerOptions // nil where there is none
	purposes                                     purposes
	documents                                    *documents
	openSchema, playground                       *bool // nil where the developer decides
	origins                                      []string
	proxies                                      []netip.Prefix
	requestsPerMinute, costPerMinute, failuresPM int
}

func (c *checker) callers(given *callerFlags, now func() time.Time) callerConfig {
	const most = 1_000_000_000
	config := callerConfig{
		issuer: c.issuer(given, now),
		purposes: purposes{
			allowed:  listed(given.Purposes),
			required: c.boolean("PURPOSE_REQUIRED (--purpose-required)", given.PurposeRequired),
		},
		openSchema: c.maybe("OPEN_SCHEMA (--open-schema)", given.OpenSchema),
		playground: c.maybe("PLAYGROUND (--playground)", given.Playground),
		origins:    listed(given.CORSOrigins),
		requestsPerMinute: c.number("REQUESTS_PER_MINUTE (--requests-per-minute)",
			given.RequestsPerMinute, 1, most),
		costPerMinute: c.number("COST_PER_MINUTE (--cost-per-minute)", given.CostPerMinute,
			graph.DefaultMaxCost, most),
		failuresPM: c.number("FAILURES_PER_MINUTE (--failures-per-minute)",
			given.FailuresPerMinute, 1, most),
	}
	if given.Purposes != "" && len(config.purposes.allowed) == 0 {
		c.fault("PURPOSES (--purposes)", "names none: leave it out to allow any")
	}
	for _, purpose := range config.purposes.allowed {
		if !access.IsName(purpose) {
			c.fault("PURPOSES (--purposes)",
				"has names of lower-case letters, digits, dots and dashes, with commas between them")
		}
	}
	for _, origin := range config.origins {
		u, err := url.Parse(origin)
		isOne := err == nil && u.Host != "" && u.Scheme+"://"+u.Host == origin
		if !isOne || strings.Contains(origin, "*") {
			c.fault("CORS_ORIGINS (--cors-origins)",
				"has origins such as https://app.example.org, with commas between them")
		}
	}
	var err error
	if config.proxies, err = access.ParsePrefixes(given.TrustedProxies); err != nil {
		c.fault("TRUSTED_PROXIES (--trusted-proxies)", "cannot be read: %w", err)
	}
	for _, prefix := range config.proxies {
		if prefix.Bits() == 0 {
			c.fault("TRUSTED_PROXIES (--trusted-proxies)", "trusts everyone to say where they come from")
		}
	}
	only := c.boolean("TRUSTED_DOCUMENTS_ONLY (--trusted-documents-only)", given.TrustedOnly)
	if only && given.TrustedDocuments == "" {
		c.fault("TRUSTED_DOCUMENTS_ONLY (--trusted-documents-only)", "needs TRUSTED_DOCUMENTS")
	}
	if config.documents, err = readDocuments(given.TrustedDocuments, only); err != nil {
		c.fault("TRUSTED_DOCUMENTS (--trusted-documents)", "cannot be read: %w", err)
	}
	return config
}

// issuer returns nil where no identity provider is named.
func (c *checker) issuer(given *callerFlags, now func() time.Time) *access.IssuerOptions {
	if given.OIDCIssuer == "" {
		if given.OIDCAudience != "" || given.OIDCGroups != "" {
			c.fault("OIDC_ISSUER (--oidc-issuer)", "is missing, though more is said of it")
		}
		return nil
	}
	options := &access.IssuerOptions{
		URL: given.OIDCIssuer, Audience: strings.TrimSpace(given.OIDCAudience),
		GroupsClaim: given.OIDCGroupsClaim, NameClaim: given.OIDCNameClaim,
		Groups: make(map[string]access.Scopes), Now: now,
	}
	const name = "OIDC_GROUPS (--oidc-groups)"
	known := allScopes()
	for entry := range strings.SplitSeq(given.OIDCGroups, ";") {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		at := strings.LastIndex(entry, "=") // a group may have one in its name
		group, words := strings.TrimSpace(entry[:max(at, 0)]), entry[at+1:]
		if group == "" {
			c.fault(name, "is like social-care=residents:read,mosaic:read;housing=residents:read")
			continue
		}
		if _, twice := options.Groups[group]; twice {
			c.fault(name, "has a group twice")
		}
		scopes, err := access.ParseScopes(words, known)
		if err != nil {
			c.fault(name, "cannot be read: %w", err)
		}
		options.Groups[group] = scopes
	}
	if _, err := access.NewIssuer(*options); err != nil {
		c.fault("OIDC_ISSUER (--oidc-issuer)", "cannot be used: %w", err)
	}
	return options
}

// allScopes are those that a caller can be given: of the schema, and of HTTP.
func allScopes() access.Scopes {
	scopes := []string{string(anyDocument), string(readStatus)}
	for _, scope := range graph.Scopes() {
		scopes = append(scopes, string(scope))
	}
	return access.ScopesOf(scopes...)
}

func listed(text string) []string {
	var words []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

func (c *checker) boolean(name, given string) bool {
	if given != "true" && given != "false" {
		c.fault(name, "is true or false")
	}
	return given == "true"
}

func (c *checker) maybe(name, given string) *bool {
	if given == "" {
		return nil
	}
	value := c.boolean(name, given)
	return &value
}

// lifetime reads days, such as 90d, or a time such as 36h.
func (c *checker) lifetime(name, given string, least, most time.Duration) time.Duration {
	const oneDay = 24 * time.Hour
	var d time.Duration
	var days int
	if _, err := fmt.Sscanf(given, "%dd", &days); err == nil && given == fmt.Sprintf("%dd", days) {
		d = time.Duration(min(days, 1_000_000)) * oneDay
	} else if d, err = time.ParseDuration(given); err != nil {
		d = -1
	}
	if d < least || d > most {
		c.fault(name, "is a number of days such as 90d, or a time such as 36h, from %v to %d days",
			least, most/oneDay)
	}
	return d
}
