package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// load calls a tool over connections that are kept, for some seconds, as fast as it goes or at a rate, in one session;
// prints {pid, calls, seconds, failed}.
func load(args []string) {
	url := args[0]
	number := func(i, otherwise int) int {
		if i >= len(args) {
			return otherwise
		}
		n, err := strconv.Atoi(args[i])
		check(err)
		return n
	}
	connections, seconds, perSecond := number(1, 4), number(2, 5), number(3, 0)
	client := &http.Client{Transport: transport()}
	session := initialize(client, url)
	begin := time.Now()
	end := begin.Add(time.Duration(seconds) * time.Second)
	limit := int64(1) << 62
	if perSecond > 0 {
		limit = int64(perSecond * seconds)
		end = end.Add(time.Minute)
	}
	var next, failed atomic.Int64
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for {
				id := next.Add(1)
				if id > limit || time.Now().After(end) {
					next.Add(-1)
					return
				}
				if perSecond > 0 {
					time.Sleep(time.Until(begin.Add(time.Duration(id) * time.Second / time.Duration(perSecond))))
				}
				if !call(client, url, session, id) {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	spent := time.Since(begin).Seconds()
	said := map[string]any{"pid": os.Getpid(), "calls": next.Load(), "seconds": spent, "failed": failed.Load()}
	line, err := json.Marshal(said)
	check(err)
	fmt.Println(string(line))
}

const opening = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
	`"capabilities":{},"clientInfo":{"name":"load","version":"1"}}}`

func post(client *http.Client, url, session, body string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	check(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if session != "" {
		r.Header.Set("Mcp-Session-Id", session)
		r.Header.Set("Mcp-Protocol-Version", "2025-06-18")
	}
	answer, err := client.Do(r)
	if err == nil {
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
	}
	return answer, err
}

func initialize(client *http.Client, url string) string {
	answer, err := post(client, url, "", opening)
	check(err)
	session := answer.Header.Get("Mcp-Session-Id")
	_, err = post(client, url, session, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	check(err)
	return session
}

func call(client *http.Client, url, session string, id int64) bool {
	answer, err := post(client, url, session, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call",`+
		`"params":{"name":"echo","arguments":{"text":"call %d of a load that asks for the same again and again"}}}`, id, id))
	return err == nil && answer.StatusCode == http.StatusOK
}
