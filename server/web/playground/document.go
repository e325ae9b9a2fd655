package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A document is one thing the playground serves, as it is and compressed.
type document struct {
	contentType  string
	cacheControl string
	hash         string
	content      []byte
	compressed   func() []byte // once, when first asked for
}

func newDocument(name string, content []byte, cacheControl string) *document {
	sum := sha256.Sum256(content)
	return &document{
		contentType:  contentType(name),
		cacheControl: cacheControl,
		hash:         hex.EncodeToString(sum[:16]),
		content:      content,
		compressed:   sync.OnceValue(func() []byte { return compress(content) }),
	}
}

// hashedName returns the name with part of the hash before its extension.
func (d *document) hashedName(name string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + d.hash[:16] + ext
}

// ServeHTTP answers a GET or HEAD, compressed for a client that accepts it, and with
// 304 for one that has it. The two forms have an ETag each, both of them strong.
func (d *document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, tag := d.content, d.hash
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		content, tag = d.compressed(), d.hash+"-gzip"
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(content)))
	}
	h.Set("Cache-Control", d.cacheControl)
	h.Set("Content-Type", d.contentType)
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// contentType does not ask the machine, whose answers differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "text/plain; charset=utf-8"
	}
}

func compress(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	must(err)
	_, err = w.Write(content)
	must(err)
	must(w.Close())
	return out.Bytes()
}

// acceptsGzip reports whether a client that sent these Accept-Encoding values takes
// gzip. A weight of zero refuses it, and gzip by name outweighs the star.
func acceptsGzip(values []string) bool {
	accepts := map[string]bool{}
	for value := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, params, err := mime.ParseMediaType(value)
		if err != nil {
			continue
		}
		weight, err := strconv.ParseFloat(params["q"], 64)
		accepts[coding] = err != nil || weight > 0
	}
	if named, ok := accepts["gzip"]; ok {
		return named
	}
	return accepts["*"]
}

// must stops the program for a fault in what is embedded, which no caller can cause
// or mend and which the tests would have met first.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("playground: embedded files: %v", err))
	}
}
