package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// withKeys has the command do something with the keys.
func (i *invocation) withKeys(do func(context.Context, *program, *access.Keys) error) {
	i.asked = func(ctx context.Context, p *program) error {
		return i.database.with(ctx, p, func(opened *database) error {
			return do(ctx, p, access.NewKeys(access.KeysOptions{DB: opened.DB, Now: i.now}))
		})
	}
}

// Run makes a key.
func (f *createKeyFlags) Run(i *invocation) error {
	i.kept(i.database, true)
	scopes, err := access.ParseScopes(f.Scopes, allScopes())
	if err != nil {
		i.fault("--scopes", "cannot be read: %w", err)
	}
	key := access.NewKey{
		Name: f.Name, Scopes: scopes,
		Lifetime:          i.lifetime("--expires", f.Expires, time.Minute, access.MaxLifetime),
		RequestsPerMinute: i.number("--limit", f.RequestsPerMinute, 0, 1_000_000_000),
	}
	i.withKeys(func(ctx context.Context, p *program, keys *access.Keys) error {
		made, secret, err := keys.Create(ctx, key)
		if err != nil {
			return err
		}
		return p.showKey(&made, secret)
	})
	return i.err()
}

// Run lists keys.
func (*listKeysFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	i.asked = func(ctx context.Context, p *program) error {
		return i.database.with(ctx, p, func(opened *database) error {
			return listKeys(ctx, p, opened, i.now)
		})
	}
	return i.err()
}

// Run makes the key that follows another.
func (f *rotateKeyFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	overlap := i.lifetime("--overlap", f.Overlap, 0, access.MaxOverlap)
	lifetime := i.lifetime("--expires", f.Expires, time.Minute, access.MaxLifetime)
	i.withKeys(func(ctx context.Context, p *program, keys *access.Keys) error {
		made, secret, err := keys.Rotate(ctx, f.Name, overlap, lifetime)
		if err != nil {
			return err
		}
		return p.showKey(&made, secret)
	})
	return i.err()
}

// Run ends keys.
func (f *revokeKeyFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	i.withKeys(func(ctx context.Context, p *program, keys *access.Keys) error {
		revoked, err := keys.Revoke(ctx, f.Name)
		for i := range revoked {
			p.say("revoked %s, of %s", revoked[i].ID, revoked[i].Name)
		}
		return err
	})
	return i.err()
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
