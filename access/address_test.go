package access_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestAddressOf(t *testing.T) {
	t.Parallel()
	const proxies = "10.0.0.0/8, 192.0.2.7, fd00::/8"
	tests := map[string]struct {
		trusted   string
		remote    string
		forwarded string // the values of the header, with | between them
		want      string
	}{
		"direct":                   {"", "198.51.100.1:1234", "", "198.51.100.1"},
		"direct, IPv6":             {"", "[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		"IPv6 with a zone":         {"", "[fe80::1%eth0]:1", "", "fe80::/64"},
		"IPv4 in IPv6":             {"", "[::ffff:198.51.100.1]:1", "", "198.51.100.1"},
		"a socket":                 {proxies, "@", "203.0.113.9", "@"},
		"nothing":                  {proxies, "", "203.0.113.9", ""},
		"header that nobody asked": {"", "198.51.100.1:1", "203.0.113.9", "198.51.100.1"},
		"header from no proxy":     {proxies, "198.51.100.1:1", "203.0.113.9", "198.51.100.1"},
		"proxy beside a trusted":   {proxies, "192.0.2.8:1", "203.0.113.9", "192.0.2.8"},
		"proxy, no header":         {proxies, "10.1.1.1:1", "", "10.1.1.1"},
		"proxy, empty header":      {proxies, "10.1.1.1:1", "", "10.1.1.1"},
		"proxy":                    {proxies, "10.1.1.1:1", "203.0.113.9", "203.0.113.9"},
		"proxy as IPv4 in IPv6":    {proxies, "[::ffff:10.1.1.1]:1", "203.0.113.9", "203.0.113.9"},
		"trusted as IPv4 in IPv6":  {"::ffff:10.0.0.0/104", "10.1.1.1:1", "203.0.113.9", "203.0.113.9"},
		"proxy of IPv6":            {proxies, "[fd00::1]:1", "2001:db8::1", "2001:db8::/64"},
		"single proxy":             {proxies, "192.0.2.7:1", "203.0.113.9", "203.0.113.9"},
		"spoofed before":           {proxies, "10.1.1.1:1", "1.1.1.1, 203.0.113.9", "203.0.113.9"},
		"spoofed as trusted":       {proxies, "10.1.1.1:1", "10.9.9.9, 203.0.113.9", "203.0.113.9"},
		"spoofed header before":    {proxies, "10.1.1.1:1", "1.1.1.1|203.0.113.9", "203.0.113.9"},
		"2 proxies": {
			proxies, "10.1.1.1:1", "1.1.1.1,203.0.113.9, 10.2.2.2", "203.0.113.9",
		},
		"two proxies, two headers": {proxies, "10.1.1.1:1", "203.0.113.9|fd00::2", "203.0.113.9"},
		"only proxies":             {proxies, "10.1.1.1:1", "10.3.3.3,10.2.2.2", "10.3.3.3"},
		"garbage":                  {proxies, "10.1.1.1:1", "unknown", "10.1.1.1"},
		"garbage before proxy":     {proxies, "10.1.1.1:1", "1.1.1.1, x, 10.2.2.2", "10.2.2.2"},
		"garbage before a client":  {proxies, "10.1.1.1:1", "x, 203.0.113.9", "203.0.113.9"},
		"empty elements":           {proxies, "10.1.1.1:1", "1.1.1.1,,", "10.1.1.1"},
		"empty header after":       {proxies, "10.1.1.1:1", "1.1.1.1|", "10.1.1.1"},
		"with a port":              {proxies, "10.1.1.1:1", "203.0.113.9:4711", "203.0.113.9"},
		"IPv6 with a port":         {proxies, "10.1.1.1:1", "[2001:db8::1]:4711", "2001:db8::/64"},
		"IPv6 in brackets":         {proxies, "10.1.1.1:1", "[2001:db8::1]", "2001:db8::/64"},
		"half of the brackets":     {proxies, "10.1.1.1:1", "[2001:db8::1", "10.1.1.1"},
		"IPv4 in IPv6, forwarded":  {proxies, "10.1.1.1:1", "::ffff:203.0.113.9", "203.0.113.9"},
		"proxy in IPv6, forwarded": {proxies, "10.1.1.1:1", "1.1.1.1, ::ffff:10.2.2.2", "1.1.1.1"},
		"neighbours of a network":  {proxies, "10.1.1.1:1", "2001:db8::ffff:1", "2001:db8::/64"},
		"very many": {
			proxies, "10.1.1.1:1", "1.1.1.1" + strings.Repeat(",10.2.2.2", 9000), "1.1.1.1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trusted, err := access.ParsePrefixes(tt.trusted)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = tt.remote
			r.Header["X-Forwarded-For"] = strings.Split(tt.forwarded, "|")
			if got := access.AddressOf(r, trusted); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParsePrefixes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
		err  string
	}{
		"none":  {"", nil, ""},
		"blank": {"  ", nil, ""},
		"one":   {"10.0.0.0/8", []string{"10.0.0.0/8"}, ""},
		"several": {
			" 10.0.0.0/8,fd00::/8 ,192.0.2.1",
			[]string{"10.0.0.0/8", "fd00::/8", "192.0.2.1/32"}, "",
		},
		"address of IPv6":   {"2001:db8::1", []string{"2001:db8::1/128"}, ""},
		"IPv4 in IPv6":      {"::ffff:10.0.0.0/104", []string{"10.0.0.0/8"}, ""},
		"address in IPv6":   {"::ffff:10.0.0.1", []string{"10.0.0.1/32"}, ""},
		"words":             {"all", nil, `"all" is no address and no network`},
		"empty element":     {"10.0.0.0/8,", nil, `"" is no address and no network`},
		"too many bits":     {"10.0.0.0/33", nil, `"10.0.0.0/33" is no address and no network`},
		"with a zone":       {"fe80::1%eth0", nil, `"fe80::1%eth0" is no address and no network`},
		"within a network":  {"10.0.0.1/8", nil, `"10.0.0.1/8" is within the network 10.0.0.0/8`},
		"a host for a name": {"proxy.example", nil, `"proxy.example" is no address and no network`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := access.ParsePrefixes(tt.text)
			if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
				t.Fatalf("got error %v, want %q", err, tt.err)
			}
			var want []netip.Prefix
			for _, text := range tt.want {
				want = append(want, netip.MustParsePrefix(text))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
