package access

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	// longestAnswer is the most bytes that are read of what an issuer answers.
	longestAnswer = 1 << 20
	// fewestRSABits of an RSA key are what its algorithms ask for.
	fewestRSABits = 2048
)

// load asks the issuer where its keys are, unless that is known, and for the keys. What it answers
// is in no error.
func (k *issuerKeys) load(ctx context.Context, r *issuerReading) error {
	if r.keysURL == "" {
		if err := k.discover(ctx, r); err != nil {
			return fmt.Errorf("its discovery document: %w", err)
		}
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := k.get(ctx, r.keysURL, &set); err != nil {
		return fmt.Errorf("its key set: %w", err)
	}
	for _, text := range set.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(text) == nil && isSigningKey(&key) {
			r.keys = append(r.keys, key)
		}
	}
	if len(r.keys) == 0 {
		return errors.New("its key set: it has no key for signatures")
	}
	return nil
}

// discover asks the issuer where its keys are.
func (k *issuerKeys) discover(ctx context.Context, r *issuerReading) error {
	r.documentAt = k.now()
	var document oidc.ProviderConfig
	where := strings.TrimSuffix(k.issuer, "/") + "/.well-known/openid-configuration"
	if err := k.get(ctx, where, &document); err != nil {
		return err
	}
	if document.IssuerURL != k.issuer {
		return errors.New("it is that of another issuer")
	}
	keys, err := url.Parse(document.JWKSURL)
	if err != nil || !isSafeURL(keys, strings.HasPrefix(k.issuer, "http:")) {
		return errors.New("it names no https URL of a key set")
	}
	r.keysURL = document.JWKSURL
	return nil
}

// isSigningKey is whether a key is for signatures, and the half of it that is for all to know. One
// that is published whole can be anybody's.
func isSigningKey(key *jose.JSONWebKey) bool {
	if !key.IsPublic() || !key.Valid() || key.Use != "" && key.Use != "sig" {
		return false
	}
	public, ok := key.Key.(*rsa.PublicKey)
	return !ok || public.N.BitLen() >= fewestRSABits
}

// get reads the JSON that the URL answers with.
func (k *issuerKeys) get(ctx context.Context, from string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return errors.New("it cannot be asked for")
	}
	response, err := k.client.Do(request)
	if err != nil {
		return safeCause(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("it was answered with status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
	switch {
	case err != nil:
		return safeCause(err)
	case len(body) > longestAnswer:
		return errors.New("it has more than 1 MiB")
	case json.Unmarshal(body, into) != nil: // whose error would quote it
		return errors.New("it is not JSON of its kind")
	}
	return nil
}

var errRedirected = errors.New("it is on another host")

// safeCause returns what went wrong on the way, without anything that was answered: net/http quotes
// lines that it cannot read, and where it was sent to.
func safeCause(err error) error {
	var timeout interface{ Timeout() bool }
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errRedirected):
		return errRedirected
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("there was no answer in time")
	case errors.As(err, &network):
		return network
	case errors.As(err, &certificate):
		return certificate
	default:
		return errors.New("the answer could not be read")
	}
}

// withinHost returns a client like another, which may be nil, that follows redirects within a host.
func withinHost(client *http.Client) *http.Client {
	var c http.Client
	if client != nil {
		c = *client
	}
	c.CheckRedirect = func(request *http.Request, via []*http.Request) error {
		first := via[0].URL
		if request.URL.Scheme != first.Scheme || request.URL.Host != first.Host || len(via) > 3 {
			return errRedirected
		}
		return nil
	}
	return &c
}
