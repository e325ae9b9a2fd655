package dms

import "slices"

// checkSettings holds the settings to what must not be otherwise.
func (l *lint) checkSettings() {
	var s settings
	if err := strictly(l.task.Settings, &s); err != nil {
		l.fault("the task settings: %w", err)
		return
	}
	l.checkLoad(&s)
	l.checkLarge(&s)
	l.checkErrors(&s.ErrorBehavior)
	l.checkTelling(&s)
}

// must finds fault where what is said of the settings is not so.
func (l *lint) must(is bool, what string) {
	if !is {
		l.fault("the task settings: %s", what)
	}
}

func (l *lint) checkLoad(s *settings) {
	prepares := truncateBeforeLoad
	if l.task.Type == Follow {
		prepares = doNothing
	}
	l.must(s.FullLoadSettings.TargetTablePrepMode == prepares, "TargetTablePrepMode must be "+prepares)
	l.must(s.TargetMetadata.TargetSchema == "", "TargetSchema is for the rules to say")
	l.must(!s.FullLoadSettings.CreatePkAfterFullLoad, "CreatePkAfterFullLoad: the keys are ours")
	l.must(!s.TargetMetadata.BatchApplyEnabled, "BatchApplyEnabled: it breaks transactions up")
	l.must(s.ChangeProcessingDdlHandlingPolicy == ddlHandlingPolicy{},
		"ChangeProcessingDdlHandlingPolicy: the tables here are neither dropped, emptied nor altered")
}

func (l *lint) checkLarge(s *settings) {
	limit := largest(l.task.tables...)
	size := limit
	if limit == 0 {
		size = defaultLarge
	}
	m := &s.TargetMetadata
	l.must(m.SupportLobs && m.LimitedSizeLobMode && !m.FullLobMode,
		"large values are taken up to a limit")
	l.must(m.LobMaxSize == size && size <= mostLarge,
		"LobMaxSize must be the greatest limit of a large column, and no more than DMS takes")
	v := &s.ValidationSettings
	l.must(v.ValidationPartialLobSize == limit && !v.SkipLobColumns,
		"large values are compared up to the same limit")
	l.must(limit == 0 || s.ErrorBehavior.ApplyErrorUpdatePolicy != updateRecord,
		"ApplyErrorUpdatePolicy: UPDATE_RECORD leaves out large columns")
}

// checkErrors holds what becomes of an error: it is never logged and passed over.
func (l *lint) checkErrors(e *errorBehavior) {
	stops := []string{suspendTable, stopTask}
	if l.task.Type == FullLoad {
		stops = []string{stopTask} // nothing else tells that a load lacks rows
	}
	for name, policy := range map[string]string{
		"DataErrorPolicy":           e.DataErrorPolicy,
		"DataTruncationErrorPolicy": e.DataTruncationErrorPolicy,
		"DataErrorEscalationPolicy": e.DataErrorEscalationPolicy,
		"TableErrorPolicy":          e.TableErrorPolicy,
	} {
		l.must(slices.Contains(stops, policy), name+" passes an error over")
	}
	halts := []string{suspendTable, stopTask}
	for name, policy := range map[string]string{
		"DataMaskingErrorPolicy":     e.DataMaskingErrorPolicy,
		"TableErrorEscalationPolicy": e.TableErrorEscalationPolicy,
		"ApplyErrorDeletePolicy":     e.ApplyErrorDeletePolicy,
		"ApplyErrorEscalationPolicy": e.ApplyErrorEscalationPolicy,
	} {
		l.must(slices.Contains(halts, policy), name+" passes an error over")
	}
	l.must(slices.Contains(append(halts, insertRecord), e.ApplyErrorInsertPolicy),
		"ApplyErrorInsertPolicy passes an error over")
	l.must(slices.Contains(append(halts, updateRecord), e.ApplyErrorUpdatePolicy),
		"ApplyErrorUpdatePolicy passes an error over")
	l.must(e.FullLoadIgnoreConflicts == (l.task.Type == Follow),
		"FullLoadIgnoreConflicts is for the changes from the time of a load, and for nothing else")
	l.must(e.FailOnNoTablesCaptured, "FailOnNoTablesCaptured: a task of no tables is a fault")
	l.must(e.FailOnTransactionConsistencyBreached, "FailOnTransactionConsistencyBreached must be on")
	l.must(e.ApplyErrorFailOnTruncationDdl, "ApplyErrorFailOnTruncationDdl must be on")
	l.must(e.RecoverableErrorCount == -1 && e.RecoverableErrorThrottling,
		"RecoverableErrorCount: what passes is waited for, longer each time")
}

// checkTelling holds a task to telling how it gets on, and to comparing what it has brought.
func (l *lint) checkTelling(s *settings) {
	c := &s.ControlTablesSettings
	l.must(c.ControlSchema == l.task.control, "ControlSchema must be "+l.task.control)
	l.must(c.StatusTableEnabled && c.HistoryTableEnabled && c.SuspendedTablesTableEnabled,
		"the control tables must be on")
	l.must(s.TargetMetadata.TaskRecoveryTableEnabled, "TaskRecoveryTableEnabled must be on")
	v := &s.ValidationSettings
	l.must(v.EnableValidation && !v.ValidationOnly, "validation must be on, beside the migration")
	l.must(v.FailureMaxCount > 0 && v.TableFailureMaxCount > 0,
		"validation must stop somewhere: FailureMaxCount, TableFailureMaxCount")
	l.must(v.HandleCollationDiff, "HandleCollationDiff: the two order text differently")
	l.must(s.Logging.EnableLogging && len(s.Logging.LogComponents) > 0, "logging must be on")
}
