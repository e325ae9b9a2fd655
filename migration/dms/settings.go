package dms

// settings are those of a task, all that are documented but for those that DMS itself leaves null:
// BeforeImageSettings, CharacterSetSettings, LoopbackPreventionSettings, PostProcessingRules and
// TTSettings, and the log group and stream, with which no task can be made. Fields are named as DMS
// names them, and in its order.
type settings struct {
	TargetMetadata                      targetMetadata
	FullLoadSettings                    fullLoadSettings
	Logging                             logging
	ControlTablesSettings               controlTablesSettings
	StreamBufferSettings                streamBufferSettings
	ChangeProcessingTuning              changeProcessingTuning
	ChangeProcessingDdlHandlingPolicy   ddlHandlingPolicy
	ErrorBehavior                       errorBehavior
	ValidationSettings                  validationSettings
	FailTaskWhenCleanTaskResourceFailed bool
}

type targetMetadata struct {
	TargetSchema                 string // the rules say it
	SupportLobs                  bool
	FullLobMode                  bool
	LobChunkSize                 int
	LimitedSizeLobMode           bool
	LobMaxSize                   int // in KB
	InlineLobMaxSize             int
	LoadMaxFileSize              int
	ParallelLoadThreads          int
	ParallelLoadBufferSize       int
	ParallelLoadQueuesPerThread  int
	ParallelApplyThreads         int
	ParallelApplyBufferSize      int
	ParallelApplyQueuesPerThread int
	BatchApplyEnabled            bool
	TaskRecoveryTableEnabled     bool
}

type fullLoadSettings struct {
	TargetTablePrepMode             string
	CreatePkAfterFullLoad           bool
	StopTaskCachedChangesApplied    bool
	StopTaskCachedChangesNotApplied bool
	MaxFullLoadSubTasks             int
	TransactionConsistencyTimeout   int // in seconds
	CommitRate                      int // in rows
}

type logging struct {
	EnableLogging    bool
	EnableLogContext bool
	LogComponents    []logComponent
}

type logComponent struct {
	Id       string //nolint:revive,staticcheck // as DMS has it
	Severity string
}

type controlTablesSettings struct {
	ControlSchema                 string
	HistoryTimeslotInMinutes      int
	HistoryTableEnabled           bool
	SuspendedTablesTableEnabled   bool
	StatusTableEnabled            bool
	FullLoadExceptionTableEnabled bool
}

type streamBufferSettings struct {
	StreamBufferCount        int
	StreamBufferSizeInMB     int
	CtrlStreamBufferSizeInMB int
}

type changeProcessingTuning struct {
	BatchApplyPreserveTransaction bool
	BatchApplyTimeoutMin          int
	BatchApplyTimeoutMax          int
	BatchApplyMemoryLimit         int
	BatchSplitSize                int
	MinTransactionSize            int
	CommitTimeout                 int
	MemoryLimitTotal              int
	MemoryKeepTime                int
	StatementCacheSize            int
	RecoveryTimeout               int
}

type ddlHandlingPolicy struct {
	HandleSourceTableDropped   bool
	HandleSourceTableTruncated bool
	HandleSourceTableAltered   bool
}

type errorBehavior struct {
	DataErrorPolicy                             string
	DataTruncationErrorPolicy                   string
	DataErrorEscalationPolicy                   string
	DataErrorEscalationCount                    int
	DataMaskingErrorPolicy                      string
	EventErrorPolicy                            string
	TableErrorPolicy                            string
	TableErrorEscalationPolicy                  string
	TableErrorEscalationCount                   int
	RecoverableErrorCount                       int
	RecoverableErrorInterval                    int
	RecoverableErrorThrottling                  bool
	RecoverableErrorThrottlingMax               int
	RecoverableErrorStopRetryAfterThrottlingMax bool
	ApplyErrorDeletePolicy                      string
	ApplyErrorInsertPolicy                      string
	ApplyErrorUpdatePolicy                      string
	ApplyErrorEscalationPolicy                  string
	ApplyErrorEscalationCount                   int
	ApplyErrorFailOnTruncationDdl               bool
	FullLoadIgnoreConflicts                     bool
	FailOnTransactionConsistencyBreached        bool
	FailOnNoTablesCaptured                      bool
}

type validationSettings struct {
	EnableValidation                 bool
	ValidationMode                   string
	ThreadCount                      int
	PartitionSize                    int
	FailureMaxCount                  int
	TableFailureMaxCount             int
	RecordFailureDelayInMinutes      int
	RecordFailureDelayLimitInMinutes int
	RecordSuspendDelayInMinutes      int
	MaxKeyColumnSize                 int
	HandleCollationDiff              bool
	SkipLobColumns                   bool
	ValidationOnly                   bool
	ValidationPartialLobSize         int // in KB
	ValidationQueryCdcDelaySeconds   int
}

const (
	doNothing          = "DO_NOTHING"
	truncateBeforeLoad = "TRUNCATE_BEFORE_LOAD"

	suspendTable = "SUSPEND_TABLE"
	stopTask     = "STOP_TASK"
	insertRecord = "INSERT_RECORD"
	updateRecord = "UPDATE_RECORD"

	defaultLarge = 32      // KB, as DMS has it, where a task has no large columns
	mostLarge    = 102_400 // KB, which is the most that DMS takes
)

// settingsOf are the settings of a task. What is not explained is as DMS has it by default.
func settingsOf(t *Task) settings {
	s := settings{
		TargetMetadata: targetMetadata{
			// A large value is taken with its row, up to the limit that the description gives it. A longer
			// one is an error, by the setting of the endpoint.
			SupportLobs: true, LimitedSizeLobMode: true, LobMaxSize: defaultLarge,
			TaskRecoveryTableEnabled: true, // the place to go on from is kept here, where no task loses it
		},
		FullLoadSettings: fullLoadSettings{
			TargetTablePrepMode: doNothing, // the tables are ours, and are there
			MaxFullLoadSubTasks: 8, TransactionConsistencyTimeout: 600, CommitRate: 10_000,
		},
		Logging: loggingOf(),
		ControlTablesSettings: controlTablesSettings{
			ControlSchema: t.control, HistoryTimeslotInMinutes: 5,
			HistoryTableEnabled: true, SuspendedTablesTableEnabled: true, StatusTableEnabled: true,
		},
		StreamBufferSettings: streamBufferSettings{
			StreamBufferCount: 3, StreamBufferSizeInMB: 8, CtrlStreamBufferSizeInMB: 5,
		},
		ChangeProcessingTuning: changeProcessingTuning{
			BatchApplyPreserveTransaction: true, BatchApplyTimeoutMin: 1, BatchApplyTimeoutMax: 30,
			BatchApplyMemoryLimit: 500, MinTransactionSize: 1_000, CommitTimeout: 1,
			MemoryLimitTotal: 1_024, MemoryKeepTime: 60, StatementCacheSize: 50, RecoveryTimeout: -1,
		},
		// What is done to a table there is not done to it here: neither dropped, nor emptied, nor
		// altered.
		ChangeProcessingDdlHandlingPolicy: ddlHandlingPolicy{},
		ErrorBehavior:                     errorsOf(t.Type),
		ValidationSettings:                validationOf(),
	}
	if t.Type == FullLoad {
		s.FullLoadSettings.TargetTablePrepMode = truncateBeforeLoad // nobody reads the landing schema
	}
	if limit := largest(t.tables...); limit > 0 {
		s.TargetMetadata.LobMaxSize = limit
		s.ValidationSettings.ValidationPartialLobSize = limit
		// UPDATE_RECORD leaves out the large columns of the whole task.
		s.ErrorBehavior.ApplyErrorUpdatePolicy = suspendTable
	}
	return s
}

// errorsOf is what becomes of errors. None is logged and passed over. A table that is followed is
// suspended, which the control tables tell, and the others go on; a load stops, because nothing
// else tells that it lacks rows.
func errorsOf(way MigrationType) errorBehavior {
	on := suspendTable
	if way == FullLoad {
		on = stopTask
	}
	return errorBehavior{
		DataErrorPolicy: on, DataTruncationErrorPolicy: on, DataErrorEscalationPolicy: on,
		DataMaskingErrorPolicy: stopTask,
		EventErrorPolicy:       "IGNORE", // of a notice that could not be sent; no data is in it
		TableErrorPolicy:       on, TableErrorEscalationPolicy: stopTask,
		// A connection is tried for again without end where changes are followed; a load gives up once it
		// has waited as long as it may, so that somebody sees it.
		RecoverableErrorCount: -1, RecoverableErrorInterval: 5,
		RecoverableErrorThrottling: true, RecoverableErrorThrottlingMax: 1_800,
		RecoverableErrorStopRetryAfterThrottlingMax: way == FullLoad,
		// A change that was applied before may be applied again. A row that is to go and is not there is
		// no such change: the two sides had parted.
		ApplyErrorInsertPolicy: insertRecord, ApplyErrorUpdatePolicy: updateRecord,
		ApplyErrorDeletePolicy: suspendTable, ApplyErrorEscalationPolicy: suspendTable,
		ApplyErrorFailOnTruncationDdl: true,
		// Changes from the time of the load are in what was loaded already, or not yet: that is no error,
		// and only for those.
		FullLoadIgnoreConflicts:              way == Follow,
		FailOnTransactionConsistencyBreached: true, // of Oracle, says the documentation
		FailOnNoTablesCaptured:               true,
	}
}

func validationOf() validationSettings {
	return validationSettings{
		EnableValidation: true, ValidationMode: "ROW_LEVEL", ThreadCount: 5, PartitionSize: 10_000,
		FailureMaxCount: 10_000, TableFailureMaxCount: 1_000,
		RecordFailureDelayInMinutes: 5, RecordSuspendDelayInMinutes: 30, MaxKeyColumnSize: 8_096,
		HandleCollationDiff: true, // the two order text differently, in keys too
	}
}

func loggingOf() logging {
	l := logging{EnableLogging: true, EnableLogContext: true}
	for _, id := range []string{
		"METADATA_MANAGER", "SORTER", "SOURCE_CAPTURE", "SOURCE_UNLOAD", "TABLES_MANAGER",
		"TARGET_APPLY", "TARGET_LOAD", "TASK_MANAGER", "TRANSFORMATION", "VALIDATOR",
	} {
		l.LogComponents = append(l.LogComponents, logComponent{id, "LOGGER_SEVERITY_DEFAULT"})
	}
	return l
}
