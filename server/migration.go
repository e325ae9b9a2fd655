package main

// migrations are the commands about bringing data here.
type migrations struct {
	Load   migrationLoad   `cmd:"" help:"Load a source whole, beside what is served of it, and swap it in once it is proved. A load that was broken off is gone on with."`
	Follow migrationFollow `cmd:"" help:"Apply what changes in a source that was loaded, until it is stopped."`
	Verify migrationVerify `cmd:"" help:"Compare what is served of a source with the system, row by row, and keep what was found. Exit status 3 when rows differ."`
	Check  migrationCheck  `cmd:"" help:"Compare the tables of a source with what is described: those here and, with --from, those of the system. Exit status 3 when one is another. For every day."`
	Status migrationStatus `cmd:"" help:"Show how fresh each source is, what is wrong and what to do. Exit status 3 when somebody should look."`
	Back   migrationBack   `cmd:"" help:"Serve a source as it was before its last load."`
	DMS    migrationDMS    `cmd:"" name:"dms" help:"Write what AWS DMS is told: the table mapping and the settings of each task of a source, and its endpoints."`
}
