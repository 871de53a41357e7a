// A client and a server in Go over the pipes of os/exec: `pair` starts itself as its server.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

type message struct {
	JSONRPC string         `json:"jsonrpc"`
	ID      *int           `json:"id,omitempty"`
	Method  string         `json:"method,omitempty"`
	Params  map[string]any `json:"params,omitempty"`
	Result  map[string]any `json:"result,omitempty"`
}

type record struct {
	Session string `json:"session"`
	Client  *int   `json:"client"`
	Server  *int   `json:"server"`
	From    string `json:"from"`
	Raw     string `json:"raw"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write records the message as the ground truth and sends it.
func write(to io.Writer, from string, m message) {
	raw, err := json.Marshal(m)
	check(err)
	pid, other := os.Getpid(), os.Getppid()
	r := record{Session: "s", From: from, Raw: string(raw), Client: &pid}
	if from == "server" {
		r.Client, r.Server = &other, &pid
	}
	line, err := json.Marshal(r)
	check(err)
	truth, err := os.OpenFile(os.Getenv("TRUTH"), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	check(err)
	defer truth.Close()
	_, err = truth.Write(append(line, '\n'))
	check(err)
	_, err = to.Write(append(raw, '\n'))
	check(err)
}

func serve() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var m message
		check(json.Unmarshal(lines.Bytes(), &m))
		if m.ID != nil {
			write(os.Stdout, "server", message{JSONRPC: "2.0", ID: m.ID, Result: m.Params})
		}
	}
}

func main() {
	if len(os.Args) > 1 {
		serve()
		return
	}
	server := exec.Command(os.Args[0], "serve")
	stdin, err := server.StdinPipe()
	check(err)
	stdout, err := server.StdoutPipe()
	check(err)
	check(server.Start())
	answers := bufio.NewReader(stdout)
	for id := 0; id < 30; id++ {
		method := "tools/call"
		if id == 0 {
			method = "initialize"
		}
		write(stdin, "client", message{JSONRPC: "2.0", ID: &id, Method: method, Params: map[string]any{"n": id}})
		_, err := answers.ReadString('\n')
		check(err)
	}
	write(stdin, "client", message{JSONRPC: "2.0", Method: "notifications/cancelled"})
	check(stdin.Close())
	check(server.Wait())
}
