package main

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

// A mediaRange is one of the kinds of answer that a caller accepts.
type mediaRange struct {
	kind    string // such as application/json, application/* or */*
	quality float64
}

// acceptedKind returns the kind of answer that a caller likes best, or blank where it likes none
// that there is. Of two that it likes alike, it gets the newer one only if it names it: who sends
// */* may know nothing of it.
func acceptedKind(header http.Header) string {
	accept := strings.Join(header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return plainJSON
	}
	ranges := mediaRanges(accept)
	newer, isNamed := qualityOf(graphqlJSON, ranges)
	older, _ := qualityOf(plainJSON, ranges)
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
func qualityOf(kind string, ranges []mediaRange) (quality float64, isNamed bool) {
	for _, named := range []string{kind, "application/*", "*/*"} {
		found := false
		for _, r := range ranges {
			if r.kind == named {
				quality, found = max(quality, r.quality), true
			}
		}
		if found {
			return quality, named == kind
		}
	}
	return 0, false
}

// mediaRanges returns what an Accept header names. What cannot be read, or asks for another charset
// than there is, is passed over.
func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
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
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		ranges = append(ranges, mediaRange{kind, quality})
	}
	return ranges
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
