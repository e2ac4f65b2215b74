// Logs in with Azure/go-ntlmssp.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	ntlmssp "github.com/Azure/go-ntlmssp"
)

const parallel = 50

var (
	url     = os.Getenv("NTLM_URL")
	user    = os.Getenv("NTLM_USER")
	account = os.Getenv("NTLM_DOMAIN") + `\` + user
)

type answer struct {
	status int
	text   string
	reused bool // the request went over a connection that was open already
}

// By itself a transport keeps two idle connections, and closes others between the messages of a login.
func newClient(connections int) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: parallel, MaxConnsPerHost: connections}
	return &http.Client{Transport: ntlmssp.Negotiator{RoundTripper: transport}, Timeout: 60 * time.Second}
}

func ask(client *http.Client, method, name, body string) answer {
	var got answer
	request, _ := http.NewRequest(method, url, strings.NewReader(body))
	request.SetBasicAuth(name, os.Getenv("NTLM_PASS"))
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { got.reused = info.Reused }}
	response, err := client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		got.text = err.Error()
		return got
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	got.status, got.text = response.StatusCode, string(text)
	return got
}

func show(got answer) bool {
	fmt.Printf("%s\nHTTP %d\n", got.text, got.status)
	return got.status == http.StatusOK
}

// Asks many times at once, and again where the answer is 401, up to the given number of times.
func askManyAtOnce(what string, client *http.Client, times int) {
	var wait sync.WaitGroup
	var bad int32
	for i := 0; i < parallel; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			got := ask(client, "GET", account, "")
			for n := 1; got.status == http.StatusUnauthorized && n < times; n++ {
				got = ask(client, "GET", account, "")
			}
			if got.status != http.StatusOK || !strings.Contains(got.text, " user="+user+" ") {
				atomic.AddInt32(&bad, 1)
			}
		}()
	}
	wait.Wait()
	if bad > 0 {
		fmt.Printf("BAD: %s: %d of %d requests were not served as %s\n", what, bad, parallel, user)
	}
}

func main() {
	one := newClient(1)
	known := show(ask(one, "GET", account, ""))
	if !show(ask(newClient(0), "GET", user, "")) || !known {
		return
	}
	posted := ask(one, "POST", account, strings.Repeat("g", 5000))
	show(posted)
	if !strings.Contains(posted.text, "method=POST") || !strings.Contains(posted.text, "len=5000") {
		fmt.Println("BAD: the body did not arrive whole")
	}
	if !posted.reused {
		fmt.Println("BAD: the second request opened another connection")
	}
	// Over the connection that is logged in already, each of them is served at once.
	askManyAtOnce("one connection", one, 1)
	// go-ntlmssp sends the messages of a login over any idle connection, and while others log in that may
	// be the wrong one. Such a login is refused, and has to be tried again; nobody else is ever logged in.
	askManyAtOnce("many connections", newClient(0), 100)
}
