package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type arguments struct {
	Text string `json:"text,omitempty"`
	Size int    `json:"size,omitempty"`
}

func say(text string) (*mcp.CallToolResult, any, error) {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
}

func newServer() *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "gosdk", Version: "1.0.0"}, nil)
	add := func(name string, call mcp.ToolHandlerFor[arguments, any]) {
		mcp.AddTool(server, &mcp.Tool{Name: name, Description: name}, call)
	}
	add("echo", func(_ context.Context, _ *mcp.CallToolRequest, a arguments) (*mcp.CallToolResult, any, error) {
		return say(a.Text)
	})
	add("big", func(_ context.Context, _ *mcp.CallToolRequest, a arguments) (*mcp.CallToolResult, any, error) {
		return say(strings.Repeat("b", a.Size))
	})
	add("fail", func(context.Context, *mcp.CallToolRequest, arguments) (*mcp.CallToolResult, any, error) {
		return nil, nil, errors.New("as asked")
	})
	return server
}

// serve listens for http, https with HTTP/2 by ALPN, and HTTP/2 in the clear; prints {pid, http, h2c, h2}.
func serve() {
	one := newServer()
	get := func(*http.Request) *mcp.Server { return one }
	mux := http.NewServeMux()
	mux.Handle("/mcp", mcp.NewStreamableHTTPHandler(get, nil))
	mux.Handle("/json", mcp.NewStreamableHTTPHandler(get, &mcp.StreamableHTTPOptions{JSONResponse: true}))
	mux.Handle("/sse", mcp.NewSSEHandler(get, nil))
	handler := recorded(mux)
	said := map[string]int{"pid": os.Getpid()}
	listen := func(kind string) net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		check(err)
		said[kind] = l.Addr().(*net.TCPAddr).Port
		return l
	}
	clear := &http.Server{Handler: handler, Protocols: new(http.Protocols)}
	clear.Protocols.SetHTTP1(true)
	clear.Protocols.SetUnencryptedHTTP2(true)
	done := make(chan error)
	l := listen("http")
	go func() { done <- clear.Serve(l) }()
	if key := os.Getenv("TLS_KEY"); key != "" {
		l := listen("h2")
		pair, err := tls.LoadX509KeyPair(os.Getenv("TLS_CERTIFICATE"), key)
		check(err)
		secure := &http.Server{Handler: handler, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}}
		go func() { done <- secure.ServeTLS(l, "", "") }()
	}
	line, err := json.Marshal(said)
	check(err)
	fmt.Println(string(line))
	check(<-done)
}
