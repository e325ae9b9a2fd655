package main

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"testing"
)

// What the README asks is answered as it says there.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	request := regexp.MustCompile(`(?s)-d '(\{.*?\})'`).FindSubmatch(readme)
	answer := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(readme)
	if request == nil || answer == nil {
		t.Fatal("the README has no question with its answer")
	}
	url, _ := newServer(t, newSample(t))
	got := send(t, newRequest(t, "POST", url+"/graphql", string(request[1]),
		"Content-Type: application/json"))
	var gotJSON, wantJSON any
	if err := json.Unmarshal([]byte(got.body), &gotJSON); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer[1], &wantJSON); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(gotJSON, wantJSON) {
		t.Errorf("got %s, want %s", got.body, answer[1])
	}
}
