package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var _ store = (*bucket)(nil)

// longStall is how long a bucket may send nothing.
const longStall = time.Minute

// A bucket is a store in S3, or in what speaks as it does.
type bucket struct {
	client       *s3.Client
	name, prefix string
	stall        time.Duration // how long it may send nothing
}

// openBucket opens a bucket. It asks nothing of it yet.
func openBucket(ctx context.Context, place *url.URL) (*bucket, error) {
	query := place.Query()
	region, endpoint := query.Get("region"), query.Get("endpoint")
	query.Del("region")
	query.Del("endpoint")
	if place.Host == "" || place.User != nil || place.Fragment != "" || len(query) > 0 {
		return nil, errors.New("a bucket is s3://bucket/prefix?region=REGION&endpoint=URL")
	}
	if err := checkEndpoint(endpoint); err != nil {
		return nil, err
	}
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout = longStall
	})
	settings := []func(*config.LoadOptions) error{config.WithHTTPClient(client)}
	if region != "" {
		settings = append(settings, config.WithRegion(region))
	}
	loaded, err := config.LoadDefaultConfig(ctx, settings...)
	if err != nil {
		return nil, fmt.Errorf("settings of AWS: %w", err)
	}
	if loaded.Region == "" {
		return nil, errors.New("the region of the bucket is missing")
	}
	opened := s3.NewFromConfig(loaded, func(o *s3.Options) {
		o.DisableLogOutputChecksumValidationSkipped = true // what has none is checked by its length
		if endpoint != "" {
			o.BaseEndpoint = aws.String(endpoint)
			o.UsePathStyle = true
		}
	})
	return &bucket{opened, place.Host, strings.Trim(place.Path, "/"), longStall}, nil
}

// checkEndpoint lets what is read go over the network by TLS alone.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	parsed, err := url.Parse(endpoint)
	if err != nil || parsed.Host == "" {
		return errors.New("the endpoint is no URL")
	}
	address := net.ParseIP(parsed.Hostname())
	isHere := parsed.Hostname() == "localhost" || address != nil && address.IsLoopback()
	if parsed.Scheme == "https" || parsed.Scheme == "http" && isHere {
		return nil
	}
	return errors.New("the endpoint is not of https")
}

func (*bucket) close() error { return nil }

func (b *bucket) list(ctx context.Context, folder, after string) ([]file, error) {
	prefix := path.Join(b.prefix, folder) + "/"
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{
		Bucket: &b.name, Prefix: &prefix, Delimiter: aws.String("/"),
		StartAfter: aws.String(prefix + after),
	})
	var files []file
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what it tried, and where
		}
		if len(page.CommonPrefixes) > 0 {
			return nil, fmt.Errorf("%s is no file", aws.ToString(page.CommonPrefixes[0].Prefix))
		}
		for _, object := range page.Contents {
			name, isIn := strings.CutPrefix(aws.ToString(object.Key), prefix)
			if !isIn || strings.Contains(name, "/") || object.Size == nil || object.ETag == nil {
				return nil, fmt.Errorf("%s: the list of files is not one of S3", prefix)
			}
			if name <= after { // "" is the folder itself
				continue
			}
			if len(files) > 0 && name <= files[len(files)-1].name {
				return nil, fmt.Errorf("%s: the list of files is not in order", prefix)
			}
			files = append(files, file{folder, name, *object.Size, *object.ETag})
		}
	}
	return files, nil
}

func (b *bucket) open(ctx context.Context, f file, offset int64) (io.ReadCloser, error) {
	get := func(offset int64) (io.ReadCloser, error) { return b.get(ctx, f, offset) }
	opened := &resuming{get: get, at: offset, size: f.size, left: mostBreaks}
	if err := opened.resume(); err != nil {
		return nil, err
	}
	return opened, nil
}

// get asks for what a file holds from an offset on. What comes is as long as it must be, or an
// error.
func (b *bucket) get(ctx context.Context, f file, offset int64) (io.ReadCloser, error) {
	key := path.Join(b.prefix, f.path())
	input := &s3.GetObjectInput{Bucket: &b.name, Key: &key, IfMatch: &f.mark}
	if offset > 0 {
		input.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	ctx, cancel := context.WithCancel(ctx)
	object, err := b.client.GetObject(ctx, input)
	if err != nil {
		cancel()
		var response *awshttp.ResponseError
		if errors.As(err, &response) && response.HTTPStatusCode() == http.StatusPreconditionFailed {
			return nil, ErrChanged
		}
		return nil, err //nolint:wrapcheck // as above
	}
	isPart := strings.HasPrefix(aws.ToString(object.ContentRange), fmt.Sprintf("bytes %d-", offset))
	if aws.ToInt64(object.ContentLength) != f.size-offset || offset > 0 && !isPart {
		cancel()
		_ = object.Body.Close()
		return nil, fmt.Errorf("%w: it is not as long as it was said to be", ErrChanged)
	}
	watch := time.AfterFunc(b.stall, cancel)
	watch.Stop() // until it is read
	return &watched{object.Body, watch, b.stall, cancel}, nil
}

// A watched body is given up once it has sent nothing for long.
type watched struct {
	io.ReadCloser
	watch  *time.Timer
	stall  time.Duration
	cancel context.CancelFunc
}

func (w *watched) Read(p []byte) (int, error) {
	w.watch.Reset(w.stall)
	n, err := w.ReadCloser.Read(p)
	w.watch.Stop()
	return n, err //nolint:wrapcheck // as it is: who reads looks for io.EOF
}

func (w *watched) Close() error {
	w.watch.Stop()
	w.cancel()
	return w.ReadCloser.Close() //nolint:wrapcheck // as above
}
