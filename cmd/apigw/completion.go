package main

import (
	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
	"github.com/posener/complete"
)

type completionCommand struct{ kongcompletion.Completion }

// Help is shown by --help.
func (completionCommand) Help() string {
	return `Prints what to put into the shell's start-up file. The command must be on the PATH; without a shell's name it is the login shell.

Examples:
  apigw completion                         says what to do
  source <(apigw completion -c bash)       in ~/.bashrc
  source <(apigw completion -c zsh)        in ~/.zshrc
  apigw completion -c fish | source        in ~/.config/fish/config.fish`
}

// completions answers a shell that asks how a line may go on, and ends the
// command then.
func completions(parser *kong.Kong) {
	kongcompletion.Register(parser,
		kongcompletion.WithPredictor("file", complete.PredictFiles("*")),
		kongcompletion.WithPredictor("folder", complete.PredictDirs("*")))
}
