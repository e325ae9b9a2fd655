package access_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// unsigned is a token that says it needs no signature, and has none.
func unsigned(t testing.TB, payload any, algorithm string) string {
	t.Helper()
	return signingInput(t, payload, map[string]any{"alg": algorithm}, nil) + "."
}

// hs256 is a token that is signed with what is no secret.
func hs256(t testing.TB, payload any, kid string, secret []byte) string {
	t.Helper()
	input := signingInput(t, payload, map[string]any{"alg": "HS256", "kid": kid}, nil)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func publicDER(t testing.TB, key testKey) []byte {
	t.Helper()
	return mustBytes(t)(x509.MarshalPKIXPublicKey(key.private.Public()))
}

func publicPEM(t testing.TB, key testKey) []byte {
	t.Helper()
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER(t, key)})
}

func beforeSignature(token string) string { return token[:max(strings.LastIndex(token, "."), 0)] }

func cutSignature(token string) string { return beforeSignature(token) + "." }

// changePayload returns the token with another person in it.
func changePayload(t testing.TB, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	payload := string(mustBytes(t)(base64.RawURLEncoding.DecodeString(parts[1])))
	parts[1] = base64.RawURLEncoding.EncodeToString(
		[]byte(strings.Replace(payload, `"ada"`, `"eve"`, 1)))
	return strings.Join(parts, ".")
}

// changeHeader returns the token with a header that says the same in other words.
func changeHeader(t testing.TB, token string) string {
	t.Helper()
	head, rest, _ := strings.Cut(token, ".")
	text := mustBytes(t)(base64.RawURLEncoding.DecodeString(head))
	return base64.RawURLEncoding.EncodeToString(append([]byte(" "), text...)) + "." + rest
}

// encrypted is a token that only the owner of the key can read.
func encrypted(t testing.TB, payload any, key testKey) string {
	t.Helper()
	encrypter, err := jose.NewEncrypter(jose.A128GCM,
		jose.Recipient{Algorithm: jose.RSA_OAEP, Key: key.private.Public(), KeyID: key.id}, nil)
	if err != nil {
		t.Fatal(err)
	}
	object, err := encrypter.Encrypt(jsonOf(t, payload))
	if err != nil {
		t.Fatal(err)
	}
	text, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// asJSON is the other form of tokens, which may have several signatures.
func asJSON(t testing.TB, tokens ...string) string {
	t.Helper()
	type signature map[string]string
	var signatures []signature
	for _, token := range tokens {
		parts := strings.Split(token, ".")
		signatures = append(signatures, signature{"protected": parts[0], "signature": parts[2]})
	}
	payload := strings.Split(tokens[0], ".")[1]
	if len(signatures) == 1 {
		maps.Copy(signatures[0], signature{"payload": payload})
		return string(jsonOf(t, signatures[0]))
	}
	return string(jsonOf(t, map[string]any{"payload": payload, "signatures": signatures}))
}
