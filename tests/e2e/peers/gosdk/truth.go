package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Ground truth: every message in a body or an SSE event, above TLS and below the SDK. Each line of $TRUTH is
// {session, transport, client, server, from, raw}; client is the header x-peer-pid, and session the session id, or a
// number for an exchange without one.
type record struct {
	Session   any    `json:"session"`
	Transport string `json:"transport"`
	Client    *int   `json:"client"`
	Server    int    `json:"server"`
	From      string `json:"from"`
	Raw       string `json:"raw"`
}

type exchange struct {
	http.ResponseWriter
	mutex   sync.Mutex
	known   record
	held    []record
	text    []byte
	headed  bool
	streams bool
}

var (
	exchanges atomic.Int64
	file      sync.Mutex
	sessionID = regexp.MustCompile(`session_?[iI]d=([^&\s]+)`)
)

func recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &exchange{ResponseWriter: w, known: record{Transport: "http", Server: os.Getpid()}}
		if pid, err := strconv.Atoi(r.Header.Get("X-Peer-Pid")); err == nil {
			e.known.Client = &pid
		}
		if id := r.Header.Get("Mcp-Session-Id"); id != "" {
			e.known.Session = id
		} else if id := sessionID.FindStringSubmatch(r.URL.RawQuery); id != nil {
			e.known.Session, e.known.Transport = id[1], "sse"
		}
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			check(err)
			r.Body = io.NopCloser(bytes.NewReader(body))
			e.message("client", body)
		}
		next.ServeHTTP(e, r)
		if !e.streams {
			e.message("server", e.text)
		}
		e.flush()
	})
}

func (e *exchange) message(from string, raw []byte) {
	var any struct{ JSONRPC string }
	if json.Unmarshal(raw, &any) != nil || any.JSONRPC != "2.0" {
		return
	}
	e.mutex.Lock()
	e.held = append(e.held, record{From: from, Raw: strings.TrimSpace(string(raw))})
	e.mutex.Unlock()
	if from == "server" || e.known.Session != nil {
		e.flush()
	}
}

func (e *exchange) flush() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	path := os.Getenv("TRUTH")
	if path == "" || len(e.held) == 0 {
		return
	}
	if e.known.Session == nil {
		e.known.Session = exchanges.Add(1)
	}
	var lines bytes.Buffer
	for _, r := range e.held {
		full := e.known
		full.From, full.Raw = r.From, r.Raw
		check(json.NewEncoder(&lines).Encode(full))
	}
	e.held = nil
	file.Lock()
	defer file.Unlock()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	check(err)
	defer f.Close()
	_, err = f.Write(lines.Bytes())
	check(err)
}

func (e *exchange) WriteHeader(status int) {
	e.head()
	e.ResponseWriter.WriteHeader(status)
}

func (e *exchange) head() {
	if e.headed {
		return
	}
	e.headed = true
	e.streams = strings.HasPrefix(e.Header().Get("Content-Type"), "text/event-stream")
	if id := e.Header().Get("Mcp-Session-Id"); id != "" && e.known.Session == nil {
		e.known.Session = id
	}
}

func (e *exchange) Write(data []byte) (int, error) {
	e.head()
	e.text = append(e.text, data...)
	for e.streams {
		block, rest, found := bytes.Cut(e.text, []byte("\n\n"))
		if !found {
			break
		}
		e.text = rest
		e.event(string(block))
	}
	return e.ResponseWriter.Write(data)
}

func (e *exchange) event(block string) {
	var name, data string
	for _, line := range strings.Split(block, "\n") {
		if value, ok := strings.CutPrefix(line, "data:"); ok {
			data = strings.TrimPrefix(value, " ")
		} else if value, ok := strings.CutPrefix(line, "event:"); ok {
			name = strings.TrimPrefix(value, " ")
		}
	}
	if name == "endpoint" {
		e.known.Transport = "sse"
		if id := sessionID.FindStringSubmatch(data); id != nil {
			e.known.Session = id[1]
		}
		return
	}
	e.message("server", []byte(data))
}

func (e *exchange) Flush() { e.ResponseWriter.(http.Flusher).Flush() }

// Unwrap is for http.ResponseController.
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }
