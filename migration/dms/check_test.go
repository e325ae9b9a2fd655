package dms_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// An object of a document, and a list of them.
type (
	object = map[string]any
	list   = []any
)

const (
	follow     = "parking-park-live-follow" // columns that change their names
	load       = "parking-park-live-load"   // columns that keep them
	withLetter = "parking-archive-follow"   // large columns
	withZone   = "parking-archive-load"
)

// ruleOf returns the rule of that name.
func ruleOf(t *testing.T, doc object, name string) object {
	t.Helper()
	for _, r := range doc["rules"].(list) {
		if r.(object)["rule-name"] == name {
			return r.(object)
		}
	}
	t.Fatalf("there is no rule %s", name)
	return nil
}

func drop(t *testing.T, doc object, name string) {
	t.Helper()
	gone := ruleOf(t, doc, name)["rule-id"]
	doc["rules"] = slices.DeleteFunc(doc["rules"].(list), func(r any) bool {
		return r.(object)["rule-id"] == gone
	})
}

func add(doc, r object) { doc["rules"] = append(doc["rules"].(list), r) }

func locator(names ...string) object {
	at := object{}
	for i, key := range []string{"schema-name", "table-name", "column-name"}[:len(names)] {
		at[key] = names[i]
	}
	return at
}

func transformation(action, target string, at object) object {
	return object{
		"rule-type": "transformation", "rule-id": "7", "rule-name": "another", "rule-action": action,
		"rule-target": target, "object-locator": at,
	}
}

// edited returns a document with a change.
func edited(t *testing.T, text []byte, edit func(t *testing.T, doc object)) []byte {
	t.Helper()
	var doc object
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	edit(t, doc)
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every change to a table mapping that would lose or take what it should not is found.
func TestCheckFindsFaultsOfMapping(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		task string
		edit func(t *testing.T, doc object)
		want string
	}{
		"a wildcard for a table": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "select-dbo-PERMIT")["object-locator"] = locator("dbo", "%")
		}, `"%" is a wildcard`},
		"a pattern that selects": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "select-dbo-PERMIT")["rule-action"] = "include"
		}, "not by an explicit name"},
		"a table too few": {follow, func(t *testing.T, doc object) {
			drop(t, doc, "select-dbo-PERMIT")
		}, "PERMIT is selected 0 times"},
		"a table twice": {follow, func(t *testing.T, doc object) {
			again := object{"rule-id": "7", "rule-name": "again"}
			for key, v := range ruleOf(t, doc, "select-dbo-PERMIT") {
				if again[key] == nil {
					again[key] = v
				}
			}
			add(doc, again)
		}, "PERMIT is selected 2 times"},
		"a table too many": {follow, func(_ *testing.T, doc object) {
			add(doc, object{
				"rule-type": "selection", "rule-id": "7", "rule-name": "more", "rule-action": "explicit",
				"object-locator": locator("dbo", "PAYMENT"),
			})
		}, "about what is not taken"},
		"a column that is selected": {follow, func(_ *testing.T, doc object) {
			add(doc, object{
				"rule-type": "selection", "rule-id": "7", "rule-name": "more", "rule-action": "explicit",
				"object-locator": locator("dbo", "PERMIT", "ISSUED"),
			})
		}, "2 tables are selected, and 1 are taken"},
		"a number twice": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["rule-id"] = ruleOf(t, doc, "select-dbo-PERMIT")["rule-id"]
		}, "another's"},
		"a name twice": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["rule-name"] = "select-dbo-PERMIT"
		}, "another's"},
		"a rule without a name": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["rule-name"] = ""
		}, "blank"},
		"a number that is none": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["rule-id"] = "one"
		}, "is no number"},
		"another schema": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["value"] = "public"
		}, "does not come into the schema parking"},
		"the schema of the system": {load, func(t *testing.T, doc object) {
			drop(t, doc, "rename-ref")
		}, "does not come into the schema parking_landing"},
		"a table by its old name": {follow, func(t *testing.T, doc object) {
			drop(t, doc, "rename-dbo-PERMIT")
		}, "is called permit here, and not PERMIT"},
		"a column by its old name": {follow, func(t *testing.T, doc object) {
			drop(t, doc, "rename-dbo-PERMIT-ISSUED")
		}, "is called issued here, and not ISSUED"},
		"a column by a wrong name": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo-PERMIT-ISSUED")["value"] = "changed"
		}, "is called issued here, and not changed"},
		"a column of special category data": {follow, func(t *testing.T, doc object) {
			drop(t, doc, "leave-dbo-PERMIT-DISABILITY")
		}, "DISABILITY of PERMIT must never be taken"},
		"one that is included": {load, func(_ *testing.T, doc object) {
			add(doc, transformation("include-column", "column", locator("ref", "kinds", "note")))
		}, "note of kinds must never be taken"},
		"one that nobody has described": {load, func(_ *testing.T, doc object) {
			add(doc, transformation("include-column", "column", locator("ref", "kinds", "more")))
		}, "more of kinds is taken, and not described"},
		"a column too few": {load, func(t *testing.T, doc object) {
			drop(t, doc, "take-ref-kinds-c_int")
		}, "c_int of kinds is described, and not taken"},
		"a column that is removed": {follow, func(t *testing.T, doc object) {
			r := ruleOf(t, doc, "rename-dbo-PERMIT-CHANGED")
			r["rule-action"] = "remove-column"
			delete(r, "value")
		}, "CHANGED of PERMIT is described, and not taken"},
		"no column that is named": {withZone, func(t *testing.T, doc object) {
			drop(t, doc, "take-dbo-zone-code")
			drop(t, doc, "take-dbo-zone-since")
		}, "which of its columns are taken is not said"},
		"two transformations of a column": {follow, func(_ *testing.T, doc object) {
			add(doc, transformation("include-column", "column", locator("dbo", "PERMIT", "ISSUED")))
		}, "DMS applies one transformation"},
		"every column in lower case": {follow, func(_ *testing.T, doc object) {
			add(doc, transformation("convert-lowercase", "column", locator("dbo", "PERMIT", "%")))
		}, `"%" is a wildcard`},
		"a transformation that is not made here": {follow, func(_ *testing.T, doc object) {
			add(doc, transformation("data-masking-hash-mask", "column", locator("dbo", "PERMIT", "OTHER")))
		}, "is not among what is done here"},
		"a large column that is renamed": {withLetter, func(_ *testing.T, doc object) {
			r := transformation("rename", "column", locator("dbo", "CCLetter", "Body"))
			r["value"] = "Body"
			add(doc, r)
		}, "Body of CCLetter is large"},
		"a lower limit": {withLetter, func(t *testing.T, doc object) {
			ruleOf(t, doc, "limit-dbo-CCLetter")["lob-settings"].(object)["bulk-max-size"] = "1953"
		}, `limited to "1953" KB`},
		"no limit": {withLetter, func(t *testing.T, doc object) {
			drop(t, doc, "limit-dbo-CCLetter")
		}, `limited to "" KB`},
		"another way with large values": {withLetter, func(t *testing.T, doc object) {
			ruleOf(t, doc, "limit-dbo-CCLetter")["lob-settings"].(object)["mode"] = "unlimited"
		}, "is not among what is done here"},
		"a comparison that says nothing": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "compare-dbo-PERMIT-CHANGED")["source-function"] = "0"
		}, "is not among what is done here"},
		"a comparison that is wrong of itself": {follow, func(t *testing.T, doc object) {
			drop(t, doc, "compare-dbo-PERMIT-CHANGED")
		}, "CHANGED of PERMIT: how it is compared"},
		"a filter of rows": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "select-dbo-PERMIT")["filters"] = list{}
		}, "unknown field"},
		"a null": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["value"] = nil
		}, "a null"},
		"too much of it": {follow, func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["rule-name"] = strings.Repeat("a", 2<<20)
		}, "DMS takes 2097152"},
	}
	tasks := tasksOf(t, madeUp())
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			task := tasks[tt.task]
			task.Mapping = edited(t, task.Mapping, tt.edit)
			if err := task.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func sectionOf(t *testing.T, doc object, setting string) string {
	t.Helper()
	for section, within := range doc {
		if named, ok := within.(object); ok && named[setting] != nil {
			return section
		}
	}
	t.Fatalf("there is no setting %s", setting)
	return ""
}

// Every setting by which something could be lost, or not be told, is found.
func TestCheckFindsFaultsOfSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		task  string
		name  string // the setting; with its section where it is none that is there
		value any
		want  string // what the error names, where it is not the setting
	}{
		"tables are dropped":         {follow, "TargetTablePrepMode", "DROP_AND_CREATE", ""},
		"live tables are emptied":    {follow, "TargetTablePrepMode", "TRUNCATE_BEFORE_LOAD", ""},
		"landed rows are added to":   {load, "TargetTablePrepMode", "DO_NOTHING", ""},
		"landed tables are dropped":  {load, "TargetTablePrepMode", "DROP_AND_CREATE", ""},
		"another schema":             {follow, "TargetSchema", "public", ""},
		"keys by DMS":                {follow, "CreatePkAfterFullLoad", true, ""},
		"batches":                    {follow, "BatchApplyEnabled", true, ""},
		"drops are followed":         {follow, "HandleSourceTableDropped", true, "dropped"},
		"truncations are followed":   {follow, "HandleSourceTableTruncated", true, "emptied"},
		"alterations are followed":   {follow, "HandleSourceTableAltered", true, "altered"},
		"large values are left out":  {withLetter, "SupportLobs", false, "large values"},
		"large values are cut":       {withLetter, "LobMaxSize", 32, ""},
		"more than any limit":        {follow, "LobMaxSize", 64, ""},
		"large values one by one":    {withLetter, "FullLobMode", true, "large values"},
		"large values not compared":  {withLetter, "SkipLobColumns", true, "compared"},
		"large values half compared": {withLetter, "ValidationPartialLobSize", 0, "compared"},
		"large values of an update":  {withLetter, "ApplyErrorUpdatePolicy", "UPDATE_RECORD", ""},
		"bad rows are logged":        {follow, "DataErrorPolicy", "LOG_ERROR", ""},
		"bad rows are ignored":       {follow, "DataErrorPolicy", "IGNORE_RECORD", ""},
		"a load goes on without":     {load, "DataErrorPolicy", "SUSPEND_TABLE", ""},
		"a load leaves a table":      {load, "TableErrorPolicy", "SUSPEND_TABLE", ""},
		"cut rows are logged":        {follow, "DataTruncationErrorPolicy", "LOG_ERROR", ""},
		"many bad rows are logged":   {follow, "DataErrorEscalationPolicy", "LOG_ERROR", ""},
		"bad masks are logged":       {follow, "DataMaskingErrorPolicy", "LOG_ERROR", ""},
		"inserts are lost":           {follow, "ApplyErrorInsertPolicy", "LOG_ERROR", ""},
		"updates are lost":           {follow, "ApplyErrorUpdatePolicy", "IGNORE_RECORD", ""},
		"deletes are lost":           {follow, "ApplyErrorDeletePolicy", "IGNORE_RECORD", ""},
		"many lost changes":          {follow, "ApplyErrorEscalationPolicy", "LOG_ERROR", ""},
		"conflicts of a load":        {load, "FullLoadIgnoreConflicts", true, ""},
		"conflicts while it loads":   {follow, "FullLoadIgnoreConflicts", false, ""},
		"no table is found":          {follow, "FailOnNoTablesCaptured", false, ""},
		"long transactions":          {follow, "FailOnTransactionConsistencyBreached", false, ""},
		"truncations there":          {follow, "ApplyErrorFailOnTruncationDdl", false, ""},
		"it does not try again":      {follow, "RecoverableErrorCount", 0, ""},
		"control tables elsewhere":   {follow, "ControlSchema", "", ""},
		"no status":                  {follow, "StatusTableEnabled", false, "control tables"},
		"no history":                 {follow, "HistoryTableEnabled", false, "control tables"},
		"no suspended tables":        {follow, "SuspendedTablesTableEnabled", false, "control tables"},
		"no place to go on from":     {follow, "TaskRecoveryTableEnabled", false, ""},
		"no validation":              {follow, "EnableValidation", false, "validation must be on"},
		"no validation of a load":    {load, "EnableValidation", false, "validation must be on"},
		"nothing but validation":     {follow, "ValidationOnly", true, "validation must be on"},
		"validation without end":     {follow, "FailureMaxCount", 0, ""},
		"keys in another order":      {follow, "HandleCollationDiff", false, ""},
		"no log":                     {follow, "EnableLogging", false, "logging"},
		"a null":                     {follow, "Logging.CloudWatchLogGroup", nil, "a null"},
		"a log group":                {follow, "Logging.LogGroup", "dms-tasks", "unknown field"},
		"what DMS does not know":     {follow, "ErrorBehavior.Fulload", false, "unknown field"},
		"a text for a number":        {follow, "CommitRate", "many", "CommitRate"},
	}
	tasks := tasksOf(t, madeUp())
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			task := tasks[tt.task]
			section, setting, isNew := strings.Cut(tt.name, ".")
			task.Settings = edited(t, task.Settings, func(t *testing.T, doc object) {
				if !isNew {
					section, setting = sectionOf(t, doc, tt.name), tt.name
				}
				doc[section].(object)[setting] = tt.value
			})
			want := tt.want
			if want == "" {
				want = setting
			}
			if err := task.Check(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want an error with %q", err, want)
			}
		})
	}
}

// A document that cannot be read is a fault, and not a document of nothing.
func TestCheckReadsDocuments(t *testing.T) {
	t.Parallel()
	task := tasksOf(t, madeUp())[follow]
	task.Mapping, task.Settings = []byte("{"), nil
	err := task.Check()
	for _, want := range []string{"the table mapping: is no JSON", "the task settings: is no JSON"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
