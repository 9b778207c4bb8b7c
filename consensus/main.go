// Command cometbft orders the acts of a consortium ledger: CometBFT as published, at the version that go.sum pins.
package main

import (
	"os"
	"path/filepath"

	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	"github.com/cometbft/cometbft/libs/cli"
)

func main() {
	root := commands.RootCmd
	root.AddCommand(
		commands.InitFilesCmd,
		commands.ShowNodeIDCmd,
		commands.ShowValidatorCmd,
		commands.RollbackStateCmd,
		commands.VersionCmd,
		commands.NewRunNodeCmd(newNode),
	)
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	if err := cli.PrepareBaseCmd(root, "CMT", filepath.Join(home, ".cometbft")).Execute(); err != nil {
		os.Exit(1)
	}
}
