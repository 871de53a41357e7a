// An MCP server and client of the Go SDK over http and https, and a load client: `peer serve`, `peer talk URL`,
// `peer load URL CONNECTIONS SECONDS [PER_SECOND]`. Everything that goes over TLS goes through crypto/tls.
package main

import (
	"fmt"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	switch os.Args[1] {
	case "serve":
		serve()
	case "talk":
		talk(os.Args[2])
	case "load":
		load(os.Args[2:])
	}
}
