package access

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// IsLoopback is whether a host, without a port, is this machine and can be no other.
func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// AddressOf returns the address that a request came from, as failed logins are counted by it. Of
// IPv6 that is the network of 64 bits, all of which one customer has.
//
// Where the request was passed on by a trusted proxy, it is the last address in X-Forwarded-For
// that is not one: what is left of it anybody could have written. Where that list is broken or
// ends, it is the last trusted one.
func AddressOf(r *http.Request, trusted []netip.Prefix) string {
	address, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr // there is no network between: it is of a socket, or of a test
	}
	list := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	for list != "" && isTrusted(address, trusted) {
		comma := strings.LastIndexByte(list, ',')
		next, ok := parseAddress(strings.TrimSpace(list[comma+1:]))
		if !ok {
			break
		}
		address, list = next, list[:max(comma, 0)]
	}
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}

// parseAddress reads an address, with or without a port. IPv4 within IPv6 is IPv4.
func parseAddress(text string) (netip.Addr, bool) {
	bare := text
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		bare = text[1 : len(text)-1]
	}
	address, err := netip.ParseAddr(bare)
	if err != nil {
		withPort, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), true
}

func isTrusted(address netip.Addr, trusted []netip.Prefix) bool {
	for _, prefix := range trusted {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// ParsePrefixes reads networks such as 10.0.0.0/8, and single addresses, with commas between them.
// There may be none. A network that is written with an address inside it is refused: it may be a
// slip, and more would be trusted than was meant.
func ParsePrefixes(text string) ([]netip.Prefix, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var prefixes []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		prefix, err := parsePrefix(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("%q is no address and no network", text)
		}
		return netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), nil
	}
	if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	if prefix != prefix.Masked() {
		return netip.Prefix{}, fmt.Errorf("%q is within the network %s", text, prefix.Masked())
	}
	return prefix, nil
}
