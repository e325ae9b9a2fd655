package dms

import "strings"

// sourceAttributes are the extra connection attributes of the SQL Server that a task reads.
func sourceAttributes(way MigrationType) string {
	attributes := []string{
		"setUpMsCdcForTables=false", // DMS sets up nothing on the system by itself
		"trimSpaceInChar=true",      // as all that compares here does
		"executeTimeout=600",        // in seconds: validation asks for much at once
	}
	if way == Follow {
		attributes = append(
			attributes,
			// Without its log, a system in the simple recovery model loses changes, and nobody is told.
			"fatalOnSimpleModel=true",
			// Replication by Microsoft's agent: DMS keeps the log until it has read it, and only that.
			"safeguardPolicy=RELY_ON_SQL_SERVER_REPLICATION_AGENT",
			"activateSafeguard=true",
		)
	} else {
		attributes = append(attributes, "activateSafeguard=false") // no log is read, and none is kept
	}
	return strings.Join(attributes, ";")
}

// endpoints is what Terraform makes the endpoints and the tasks of a source from. Names are those
// of its provider.
type endpoints struct {
	Source string         `json:"source"`
	Target targetEndpoint `json:"target_endpoint"`
	Tasks  []taskEntry    `json:"tasks"`
}

type targetEndpoint struct {
	Engine   string           `json:"engine_name"`
	Settings postgresSettings `json:"postgres_settings"`
}

// The script that switches triggers off (after_connect_script) is not among them: the tables have
// neither triggers nor foreign keys, and it would ask for a right that DMS has no other need of.
type postgresSettings struct {
	FailOnTruncation bool `json:"fail_tasks_on_lob_truncation"`
	ExecuteTimeout   int  `json:"execute_timeout"` // in seconds
}

type taskEntry struct {
	Identifier    string         `json:"replication_task_id"`
	Type          MigrationType  `json:"migration_type"`
	Database      string         `json:"database_name"`
	Schema        string         `json:"target_schema"`
	ControlSchema string         `json:"control_schema"`
	Mapping       string         `json:"table_mappings"`
	Settings      string         `json:"replication_task_settings"`
	Source        sourceEndpoint `json:"source_endpoint"`
}

type sourceEndpoint struct {
	Engine     string `json:"engine_name"`
	Attributes string `json:"extra_connection_attributes"`
}

func endpointsOf(source string, tasks []Task) endpoints {
	all := endpoints{
		Source: source,
		Target: targetEndpoint{
			Engine:   "postgres",
			Settings: postgresSettings{FailOnTruncation: true, ExecuteTimeout: 600},
		},
	}
	for i := range tasks {
		t := &tasks[i]
		all.Tasks = append(all.Tasks, taskEntry{
			Identifier: t.Identifier, Type: t.Type, Database: t.Database, Schema: t.Schema,
			ControlSchema: t.control,
			Mapping:       t.Identifier + mappingSuffix,
			Settings:      t.Identifier + settingsSuffix,
			Source:        sourceEndpoint{Engine: "sqlserver", Attributes: t.SourceAttributes},
		})
	}
	return all
}
