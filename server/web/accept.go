package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	plainJSON   = "application/json"
	graphqlJSON = "application/graphql-response+json"
)

// acceptedKind returns the kind of answer that a caller likes best, or blank where it likes none
// that there is. Of two that it likes alike, it gets the newer one only if it names it: who sends
// */* may know nothing of it.
func acceptedKind(header http.Header) string {
	accept := strings.Join(header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return plainJSON
	}
	qualities := qualitiesOf(accept)
	newer, isNamed := qualityOf(graphqlJSON, qualities)
	older, _ := qualityOf(plainJSON, qualities)
	switch {
	case newer == 0 && older == 0:
		return ""
	case newer > older, newer == older && isNamed:
		return graphqlJSON
	}
	return plainJSON
}

// qualityOf returns how well a kind is liked, from 0 to 1, and whether it is named itself. What
// speaks of it most precisely counts.
func qualityOf(kind string, qualities map[string]float64) (quality float64, isNamed bool) {
	for _, named := range []string{kind, "application/*", "*/*"} {
		if quality, found := qualities[named]; found {
			return quality, named == kind
		}
	}
	return 0, false
}

// qualitiesOf returns how well each kind is liked that an Accept header names, such as
// application/json, application/* or */*. What cannot be read, or asks for another charset than
// there is, is passed over.
func qualitiesOf(accept string) map[string]float64 {
	qualities := make(map[string]float64)
	for part := range strings.SplitSeq(accept, ",") {
		kind, attributes, err := mime.ParseMediaType(part)
		if err != nil || !isUTF8(attributes["charset"]) {
			continue
		}
		quality := 1.0
		if q, given := attributes["q"]; given {
			if !isQuality(q) {
				continue
			}
			quality, _ = strconv.ParseFloat(q, 64)
		}
		qualities[kind] = max(qualities[kind], quality)
	}
	return qualities
}

// isQuality is whether q is written as HTTP has it: from 0 to 1, with three decimals at most.
func isQuality(q string) bool {
	whole, decimals, _ := strings.Cut(q, ".")
	allowed := "0123456789"
	if whole == "1" {
		allowed = "0"
	}
	return (whole == "0" || whole == "1") && len(decimals) <= 3 &&
		strings.Trim(decimals, allowed) == ""
}

// isJSON is whether a body is said to be JSON, in UTF-8 and not packed.
func isJSON(header http.Header) bool {
	kinds := header.Values("Content-Type")
	if len(kinds) != 1 || header.Get("Content-Encoding") != "" {
		return false
	}
	kind, attributes, err := mime.ParseMediaType(kinds[0])
	return err == nil && kind == plainJSON && isUTF8(attributes["charset"])
}

func isUTF8(charset string) bool { return charset == "" || strings.EqualFold(charset, "utf-8") }
