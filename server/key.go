package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// keyCommand returns the command that the arguments ask for, with them checked.
func (c *checker) keyCommand(
	name string, given *keyFlags, from databaseConfig, now func() time.Time,
) command {
	c.kept(from, name == "key create")
	var asked func(context.Context, *program, *access.Keys) error
	switch name {
	case "key create":
		scopes, err := access.ParseScopes(given.Create.Scopes, allScopes())
		if err != nil {
			c.fault("--scopes", "cannot be read: %w", err)
		}
		key := access.NewKey{
			Name: given.Create.Name, Scopes: scopes,
			Lifetime: c.lifetime(
				"--expires", given.Create.Expires, time.Minute, access.MaxLifetime),
			RequestsPerMinute: c.number("--limit", given.Create.RequestsPerMinute, 0, 1_000_000_000),
		}
		asked = func(ctx context.Context, p *program, keys *access.Keys) error {
			made, secret, err := keys.Create(ctx, key)
			if err != nil {
				return err
			}
			return p.showKey(&made, secret)
		}
	case "key list":
		return func(ctx context.Context, p *program) error {
			return from.with(ctx, p, func(opened *database) error {
				return listKeys(ctx, p, opened, now)
			})
		}
	case "key rotate <name>":
		overlap := c.lifetime("--overlap", given.Rotate.Overlap, 0, access.MaxOverlap)
		lifetime := c.lifetime("--expires", given.Rotate.Expires, time.Minute, access.MaxLifetime)
		asked = func(ctx context.Context, p *program, keys *access.Keys) error {
			made, secret, err := keys.Rotate(ctx, given.Rotate.Name, overlap, lifetime)
			if err != nil {
				return err
			}
			return p.showKey(&made, secret)
		}
	case "key revoke <name>":
		asked = func(ctx context.Context, p *program, keys *access.Keys) error {
			revoked, err := keys.Revoke(ctx, given.Revoke.Name)
			for i := range revoked {
				p.say("revoked %s, of %s", revoked[i].ID, revoked[i].Name)
			}
			return err
		}
	}
	return func(ctx context.Context, p *program) error {
		return from.with(ctx, p, func(opened *database) error {
			return asked(ctx, p, access.NewKeys(access.KeysOptions{DB: opened.DB, Now: now}))
		})
	}
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

func listKeys(ctx context.Context, p *program, from *database, now func() time.Time) error {
	keys, err := access.NewKeys(access.KeysOptions{DB: from.DB, Now: now}).List(ctx)
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
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", key.Name, key.ID, key.State(now()),
			key.CreatedAt.UTC().Format(time.DateOnly), key.ExpiresAt.UTC().Format(time.RFC3339),
			seen, limit, key.Scopes)
	}
	return w.Flush()
}
