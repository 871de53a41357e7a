package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// named adds the pid to every request, for the server's ground truth.
type named struct{ http.RoundTripper }

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Peer-Pid", strconv.Itoa(os.Getpid()))
	return n.RoundTripper.RoundTrip(r)
}

// transport speaks HTTP/2 over TLS, unless $HTTP1 is set. It trusts $SSL_CERT_FILE, as all of Go does.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if os.Getenv("HTTP1") != "" {
		t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		t.TLSClientConfig = &tls.Config{NextProtos: []string{"http/1.1"}}
		t.ForceAttemptHTTP2 = false
	}
	t.MaxIdleConnsPerHost = 100
	return t
}

// pause makes the file $READY and waits for the file $GO, if they are named.
func pause() {
	if os.Getenv("READY") == "" {
		return
	}
	check(os.WriteFile(os.Getenv("READY"), nil, 0o600))
	for {
		if _, err := os.Stat(os.Getenv("GO")); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func talk(url string) {
	ctx := context.Background()
	client := mcp.NewClient(&mcp.Implementation{Name: "gosdk", Version: "1.0.0"}, &mcp.ClientOptions{
		CreateMessageHandler: func(context.Context, *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
			text := &mcp.TextContent{Text: "sampled ✓"}
			return &mcp.CreateMessageResult{Model: "none", Role: "assistant", Content: text}, nil
		},
	})
	httpClient := &http.Client{Transport: named{transport()}}
	var over mcp.Transport = &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: httpClient}
	if strings.HasSuffix(url, "/sse") {
		over = &mcp.SSEClientTransport{Endpoint: url, HTTPClient: httpClient}
	}
	session, err := client.Connect(ctx, over, nil)
	check(err)
	_, err = session.ListTools(ctx, nil)
	check(err)
	pause()
	tool := func(name string, arguments map[string]any) {
		_, err := session.CallTool(ctx, &mcp.CallToolParams{Name: name, Arguments: arguments})
		check(err)
	}
	tool("echo", map[string]any{"text": "héllo → 世界 🙂"})
	var all sync.WaitGroup
	for n := range 5 {
		all.Go(func() { tool("echo", map[string]any{"text": "at once " + strconv.Itoa(n)}) })
	}
	all.Wait()
	tool("fail", map[string]any{})
	tool("big", map[string]any{"size": 100_000})
	if os.Getenv("SAMPLE") != "" {
		tool("sample", map[string]any{})
	}
	check(session.Close())
}
