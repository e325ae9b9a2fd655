package files_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
)

// A bucket answers as S3 does: lists by pages of two, objects and parts of them. It stands in for
// S3, and shows nothing of what S3 does beside that.
type bucket struct {
	mutex   sync.Mutex
	objects map[string]string
	asked   int // how often for an object

	breaks  func(asked int) int // after how many bytes an answer breaks off; negative for never
	changes bool                // whether an object is written anew once a part of it was sent
	stalls  bool                // whether it then sends nothing, and does not end it either
	cuts    bool                // whether an answer says that it is shorter, and is
}

// serve starts the bucket, and returns where it is.
func (b *bucket) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return "s3://council/dms/?region=eu-west-2&endpoint=" + server.URL
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=id/") {
		http.Error(w, "who asks?", http.StatusForbidden)
		return
	}
	path, isOurs := strings.CutPrefix(r.URL.Path, "/council")
	switch {
	case !isOurs:
		http.NotFound(w, r)
	case r.URL.Query().Get("list-type") == "2":
		b.list(w, r)
	default:
		b.get(w, r, strings.TrimPrefix(path, "/"))
	}
}

type listed struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []object
	CommonPrefixes        []struct{ Prefix string }
}

type object struct {
	Key, ETag string
	Size      int
}

func (b *bucket) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	prefix, after := q.Get("prefix"), max(q.Get("start-after"), q.Get("continuation-token"))
	var all []string
	for key := range b.objects {
		if strings.HasPrefix(key, prefix) && key > after {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	var page listed
	for _, key := range all {
		if len(page.Contents) == 2 {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[1].Key
			break
		}
		if within, _, isIn := strings.Cut(key[len(prefix):], "/"); isIn {
			page.CommonPrefixes = append(page.CommonPrefixes, struct{ Prefix string }{prefix + within})
			continue
		}
		page.Contents = append(page.Contents, object{key, etag(b.objects[key]), len(b.objects[key])})
	}
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(page); err != nil {
		panic(err)
	}
}

func (b *bucket) get(w http.ResponseWriter, r *http.Request, key string) {
	text, isThere := b.objects[key]
	if !isThere {
		http.NotFound(w, r)
		return
	}
	if r.Header.Get("If-Match") != etag(text) {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	from := 0
	w.Header().Set("ETag", etag(text))
	if ranged := r.Header.Get("Range"); ranged != "" {
		if _, err := fmt.Sscanf(ranged, "bytes=%d-", &from); err != nil {
			panic(err)
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(text)-1, len(text)))
	}
	length := len(text) - from
	if b.cuts {
		length /= 2
	}
	w.Header().Set("Content-Length", fmt.Sprint(length))
	if from > 0 {
		w.WriteHeader(http.StatusPartialContent)
	}
	b.asked++
	sent := length
	if b.breaks != nil {
		if n := b.breaks(b.asked); n >= 0 {
			sent = min(n, length)
		}
	}
	if sent < length && b.changes {
		b.objects[key] = text + "x"
	}
	_, err := io.WriteString(w, text[from:from+sent])
	if err == nil {
		err = http.NewResponseController(w).Flush()
	}
	if sent < length && b.stalls {
		<-r.Context().Done()
	}
	if err != nil || sent < length {
		panic(http.ErrAbortHandler) // and no more is sent
	}
}

func etag(text string) string { return fmt.Sprintf("%q", fmt.Sprintf("%x", len(text)*7919)) }

func TestBucket(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&rows, "Ada Lovelace %d,%d,NULL\n", i, i)
	}
	objects := func() map[string]string {
		all := map[string]string{
			"dms/dbo/PEOPLE/": "", "dms/dbo/PEOPLE2/LOAD00000001.csv": "x", "other/x": "x",
			"dms/" + load1: rows.String(), "dms/" + load2 + ".gz": string(zip(t, []byte(rows.String()))),
			"dms/dbo/PEOPLE/LOAD00000003.csv": "Eve,-1,NULL\n", "dms/dbo/PEOPLE/LOAD00000004.csv": "",
		}
		for i := range 5 {
			name := fmt.Sprintf("dms/dbo/PEOPLE/2023090%d-151244585.csv", i+1)
			all[name] = fmt.Sprintf("I,Bob,%d,NULL\n", i)
		}
		return all
	}
	tests := map[string]struct {
		bucket *bucket
		is     error
		says   string // blank where all is read
	}{
		"as it should be": {bucket: &bucket{}},
		"it breaks off at times": {
			bucket: &bucket{breaks: func(asked int) int { return asked * 50_000 }},
		},
		"it breaks off before it begins": {
			bucket: &bucket{breaks: func(asked int) int { return asked%3 - 1 }},
		},
		"it breaks off always": {
			bucket: &bucket{breaks: func(int) int { return 10 }}, says: "it broke off 11 times",
		},
		"it is written anew in between": {
			bucket: &bucket{changes: true, breaks: func(int) int { return 10 }}, is: files.ErrChanged,
			says: "LOAD00000001.csv",
		},
		"it is not as long as it was": {
			bucket: &bucket{cuts: true}, is: files.ErrChanged, says: "LOAD00000001.csv",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.bucket.objects = objects()
			reader := open(t, tt.bucket.serve(t), files.Options{})
			got, next, err := readAll(t, reader, people(), migration.Part{})
			if tt.says != "" {
				wantError(t, err, tt.is, tt.says)
				return
			}
			if err != nil || len(got) != 60_001 || got[60_000] != "-1\tEve\t\\N" {
				t.Fatalf("got %d rows and error %v, want 60,001", len(got), err)
			}
			for _, i := range []int{0, 1, 4} { // in a plain file, at its end, and in a gzip
				rest, _, err := readAll(t, reader, people(), migration.Part{After: next[i]})
				if err != nil || !reflect.DeepEqual(rest, got[len(got)-len(rest):]) || len(rest) == 0 {
					t.Errorf("after batch %d: got %d rows and error %v", i, len(rest), err)
				}
			}
			rows := applied{}
			if _, err := follow(t, reader, people(), rows, ""); err != nil || len(rows) != 5 {
				t.Errorf("got %d rows of changes and error %v, want 5", len(rows), err)
			}
		})
	}
}

func TestBucketThatSendsNothing(t *testing.T) {
	t.Parallel()
	b := &bucket{
		objects: map[string]string{"dms/" + load1: "Ada,1,NULL\nBob,2,NULL\n"},
		stalls:  true,
		breaks:  func(asked int) int { return asked * 5 },
	}
	reader := open(t, b.serve(t), files.Options{}).OfBucket(50 * time.Millisecond)
	got, _, err := readAll(t, reader, people(), migration.Part{})
	if err != nil || len(got) != 2 {
		t.Errorf("got %d rows and error %v, want 2", len(got), err)
	}
}

func TestBucketRefuses(t *testing.T) {
	t.Parallel()
	b := &bucket{objects: map[string]string{"dms/dbo/PEOPLE/2023/x.csv": ""}}
	place := b.serve(t)
	_, _, err := readAll(t, open(t, place, files.Options{}), people(), migration.Part{})
	wantError(t, err, nil, "2023 is no file")
	other := strings.Replace(place, "council", "other", 1)
	_, _, err = readAll(t, open(t, other, files.Options{}), people(), migration.Part{})
	wantError(t, err, nil, "404")
}

func TestResuming(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("0123456789"), 100)
	size := int64(len(text))
	from := func(offset int64) io.Reader { return bytes.NewReader(text[offset:]) }
	broken := errors.New("the checksum is another one")
	tests := map[string]struct {
		get  func(offset int64) (io.ReadCloser, error)
		fail bool
	}{
		"whole": {
			get: func(offset int64) (io.ReadCloser, error) { return io.NopCloser(from(offset)), nil },
		},
		"a part each time": {
			get: func(offset int64) (io.ReadCloser, error) {
				return io.NopCloser(io.LimitReader(from(offset), 100)), nil
			},
		},
		"data with its end": {
			get: func(offset int64) (io.ReadCloser, error) {
				return io.NopCloser(iotest.DataErrReader(from(offset))), nil
			},
		},
		"too small a part each time": {
			get: func(offset int64) (io.ReadCloser, error) {
				return io.NopCloser(io.LimitReader(from(offset), 50)), nil
			},
			fail: true,
		},
		"more than there is": {
			get: func(offset int64) (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(from(offset), from(0))), nil
			},
			fail: true,
		},
		"a fault at the end": {
			get: func(offset int64) (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(from(offset), iotest.ErrReader(broken))), nil
			},
			fail: true,
		},
		"nobody there": {get: func(int64) (io.ReadCloser, error) { return nil, broken }, fail: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := files.NewResuming(tt.get, size)
			got, err := io.ReadAll(r)
			if tt.fail != (err != nil) || !tt.fail && !bytes.Equal(got, text) {
				t.Errorf("got %d bytes and error %v", len(got), err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
