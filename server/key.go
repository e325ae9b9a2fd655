package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web"
)

// keyCommands are those about the keys of services.
type keyCommands struct {
	Create createKeyFlags `cmd:"" help:"Make a key for a service, and print it, once."`
	List   listKeysFlags  `cmd:"" help:"List the keys there are and were."`
	Rotate rotateKeyFlags `cmd:"" help:"Make the key that follows a service's, and print it, once. The one before it goes on for a while."`
	Revoke revokeKeyFlags `cmd:"" help:"End the keys of a service, or one key, at once: within 5 seconds, wherever it is used."`
}

// A lifetime is how long a new key is good.
type lifetime struct {
	Expires duration `default:"90d" placeholder:"${lifetime}" help:"How long the new key is good (default ${default})."`
}

type createKeyFlags struct {
	keptDatabase `embed:""`
	lifetime     `embed:""`

	Name   string    `required:"" placeholder:"NAME" help:"What the service is called: lower-case letters, digits, dots and dashes."`
	Scopes keyScopes `required:"" placeholder:"SCOPE,…" help:"What it may do; --scopes=? lists what there is."`
	Limit  number    `default:"0" placeholder:"0..1000000000" help:"The most requests in a minute; 0 for as many as any caller may ask (default ${default})."`
}

type keyScopes access.Scopes

// UnmarshalText reads scopes with commas between them.
func (s *keyScopes) UnmarshalText(text []byte) error {
	scopes, err := access.ParseScopes(string(text), web.Scopes())
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	*s = keyScopes(scopes)
	return nil
}

// Run makes a key.
func (f *createKeyFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error {
		key, secret, err := keysOf(opened, p).Create(ctx, access.NewKey{
			Name: f.Name, Scopes: access.Scopes(f.Scopes),
			Lifetime: time.Duration(f.Expires), RequestsPerMinute: int(f.Limit),
		})
		if err != nil {
			return err
		}
		return p.showKey(&key, secret)
	})
}

type rotateKeyFlags struct {
	existingDatabase `embed:""`
	lifetime         `embed:""`

	Name    string   `arg:"" help:"The service."`
	Overlap duration `default:"24h" placeholder:"${overlap}" help:"How long the key before it goes on (default ${default})."`
}

// Run makes the key that follows another.
func (f *rotateKeyFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error {
		key, secret, err := keysOf(opened, p).Rotate(
			ctx, f.Name, time.Duration(f.Overlap), time.Duration(f.Expires))
		if err != nil {
			return err
		}
		return p.showKey(&key, secret)
	})
}

type revokeKeyFlags struct {
	existingDatabase `embed:""`

	Name string `arg:"" help:"The service, or the id of one key."`
}

// Run ends keys.
func (f *revokeKeyFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error {
		revoked, err := keysOf(opened, p).Revoke(ctx, f.Name)
		for i := range revoked {
			p.say("revoked %s, of %s", revoked[i].ID, revoked[i].Name)
		}
		return err
	})
}

func keysOf(opened *database, p *program) *access.Keys {
	return access.NewKeys(access.KeysOptions{DB: opened.DB, Now: p.now})
}

// showKey prints a key by itself, for a program to keep, and what it is beside it, for a person.
func (p *program) showKey(key *access.Key, secret string) error {
	_, _ = fmt.Fprintf(p.stderr, "The key of %s, good until %s, for %s. It is shown this once:\n",
		key.Name, key.ExpiresAt.UTC().Format(time.RFC3339), key.Scopes)
	if _, err := fmt.Fprintln(p.stdout, secret); err != nil {
		return fmt.Errorf("the key could not be printed: `key revoke %s` ends it", key.ID)
	}
	return nil
}

type listKeysFlags struct {
	existingDatabase `embed:""`
}

// Run lists keys.
func (f *listKeysFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error { return listKeys(ctx, p, opened) })
}

func listKeys(ctx context.Context, p *program, from *database) error {
	keys, err := keysOf(from, p).List(ctx)
	if err != nil {
		return err
	}
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].Name
	}
	last, err := access.NewLog(from.DB).LastOf(ctx, names)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "name\tid\tstate\tmade\texpires\tservice last seen\tlimit\tscopes")
	for i := range keys {
		key := &keys[i]
		limit, seen := "-", "-"
		if key.RequestsPerMinute > 0 {
			limit = fmt.Sprintf("%d/min", key.RequestsPerMinute)
		}
		if at, ok := last[key.Name]; ok {
			seen = at.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", key.Name, key.ID, key.State(p.now()),
			key.CreatedAt.UTC().Format(time.DateOnly), key.ExpiresAt.UTC().Format(time.RFC3339),
			seen, limit, key.Scopes)
	}
	return w.Flush()
}
