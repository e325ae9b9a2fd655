package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The folder of a cluster holds it under one of these names. The first becomes the second when
// initdb has succeeded, so that a cluster that is half made is never taken for a whole one.
const (
	unfinishedCluster = "data.new"
	finishedCluster   = "data"
)

// keptFolder is what a folder that is to be kept holds before the server starts.
type keptFolder struct {
	missing bool // there is no such folder yet
	major   int  // the version of PostgreSQL of the cluster in it; 0 when there is none
}

// inspectKept looks at dir and touches nothing.
func inspectKept(dir string) (keptFolder, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return keptFolder{missing: true}, nil
	}
	if err != nil {
		return keptFolder{}, fmt.Errorf("data folder: %w", err)
	}
	var kept keptFolder
	for _, entry := range entries {
		switch entry.Name() {
		case unfinishedCluster, folderLock, passwordFile:
		case finishedCluster:
			if kept.major, err = clusterMajor(filepath.Join(dir, finishedCluster)); err != nil {
				return keptFolder{}, err
			}
		default:
			return keptFolder{}, fmt.Errorf("the data folder %s is not empty and was not made by "+
				"the gateway: it holds %s. Nothing in it was touched", dir, entry.Name())
		}
	}
	return kept, nil
}

func clusterMajor(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return 0, fmt.Errorf("the data folder holds no cluster of PostgreSQL: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("the data folder holds a cluster of an unknown version: %w", err)
	}
	return major, nil
}

// initdbArguments are those that make a new cluster in data. Everything is byte by byte and
// UTF-8, whatever the machine is set to.
func initdbArguments(data string, temporary bool) []string {
	arguments := []string{
		"--pgdata=" + data,
		"--username=" + superuser,
		"--encoding=UTF8",
		"--locale=C",
	}
	if temporary {
		arguments = append(arguments, "--no-sync")
	}
	return arguments
}

// settings are those of the server. They are given as arguments, so that a kept cluster has the
// ones of the release that runs it.
func settings(temporary bool) []string {
	set := []string{
		"timezone=UTC",
		"log_timezone=UTC",
		"cluster_name=resident-gateway",
		"max_connections=200",
		"shared_buffers=128MB",
		"maintenance_work_mem=128MB",
		"max_wal_size=1GB",
		"jit=off", // it makes short queries slow
		// The log is for what happens to the server. What stands in statements and rows may be
		// about residents.
		"log_destination=stderr",
		"logging_collector=off",
		"log_statement=none",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
		"log_checkpoints=off",
	}
	if temporary {
		set = append(set, // nothing is to outlive a crash of the machine
			"fsync=off",
			"synchronous_commit=off",
			"full_page_writes=off",
			"wal_level=minimal",
			"max_wal_senders=0",
			"checkpoint_timeout=1h",
		)
	}
	return set
}

// previousTimeout bounds the wait for a server whose gateway has just died.
const previousTimeout = 15 * time.Second

// waitForPrevious returns when no server runs on data. There can be one although the folder is
// locked: that of a gateway that was killed writes down what it has before it ends.
func waitForPrevious(ctx context.Context, data string) error {
	timeout, cancel := context.WithTimeout(ctx, previousTimeout)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		err := removeStalePID(data)
		if !errors.Is(err, errLocked) {
			return err
		}
		select {
		case <-timeout.Done():
			return inUse(filepath.Dir(data))
		case <-again.C:
		}
	}
}
