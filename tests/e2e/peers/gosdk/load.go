package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// load calls a tool over connections that are kept, for some seconds, as fast as it goes or at a rate; prints
// {pid, calls, seconds, failed}. The server must answer without a session.
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
				if !call(client, url, id) {
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

func call(client *http.Client, url string, id int64) bool {
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call",`+
		`"params":{"name":"echo","arguments":{"text":"call %d of a load that asks for the same again and again"}}}`, id, id)
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(body)))
	check(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}
