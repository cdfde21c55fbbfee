package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// application is the state behind all ports of one pod.
type application struct {
	identity Identity
	behavior atomic.Pointer[Behavior]
	counts   *counts
	clients  *clients
	ports    sync.Map
}

func newApplication(identity Identity, behavior Behavior) *application {
	app := &application{identity: identity, counts: newCounts(), clients: newClients(identity.Name)}
	app.behavior.Store(&behavior)
	return app
}

// Answer is the body of every answer, whatever the protocol: who answered, and what arrived.
type Answer struct {
	Identity
	Protocol string            `json:"protocol"`
	Method   string            `json:"method"`
	Host     string            `json:"host"`
	Path     string            `json:"path"`
	Headers  map[string]string `json:"headers,omitempty"`
	Calls    []CallResult      `json:"calls,omitempty"`
}

// incoming is a request, whatever its protocol.
type incoming struct {
	protocol, method, host, path string
	headers                      http.Header
}

// reply is what a protocol's server writes out.
type reply struct {
	outcome
	answer Answer
}

// handle counts a request, applies the rules and makes the calls. The status of the first failed call becomes the
// status of the answer, as in a service that cannot work without its dependency.
func (app *application) handle(ctx context.Context, in incoming) reply {
	arrived := time.Now()
	app.counts.enter()
	behavior := app.behavior.Load()
	result := reply{outcome: behavior.judge(in.method, in.path)}
	result.answer = Answer{
		Identity: app.identity, Protocol: in.protocol, Method: in.method, Host: in.host, Path: in.path, Headers: flat(in.headers),
	}
	if !result.reset && result.status == 0 {
		result.answer.Calls = app.call(ctx, behavior, in.headers)
		for _, call := range result.answer.Calls {
			if call.Failed && result.status == 0 {
				result.status = call.code
			}
		}
	}
	app.counts.leave(arrived, in, result.outcome)
	return result
}

// finish does the work of a job: the calls, once. It answers with the exit code.
func (app *application) finish() int {
	for _, call := range app.call(context.Background(), app.behavior.Load(), http.Header{}) {
		if call.Failed {
			log.Printf("a call failed: %+v", call)
			return 1
		}
	}
	return 0
}

// Tracing headers, which every application in a mesh has to pass on.
var tracing = []string{
	"X-Request-Id", "Traceparent", "Tracestate", "Baggage",
	"X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags", "B3",
}

func (app *application) call(ctx context.Context, behavior *Behavior, from http.Header) []CallResult {
	if len(behavior.Calls) == 0 {
		return nil
	}
	passed := map[string]string{}
	for _, name := range append(behavior.Propagate, tracing...) {
		if value := from.Get(name); value != "" {
			passed[name] = value
		}
	}
	var results []CallResult
	var group sync.WaitGroup
	var lock sync.Mutex
	for _, call := range behavior.Calls {
		for range max(call.Times, 1) {
			one := func() {
				result := app.clients.callOnce(ctx, call, passed)
				lock.Lock()
				results = append(results, result)
				lock.Unlock()
			}
			if behavior.Parallel {
				group.Go(one)
				continue
			}
			one()
			if last := results[len(results)-1]; last.Failed {
				return results
			}
		}
	}
	group.Wait()
	return results
}

func flat(headers http.Header) map[string]string {
	result := make(map[string]string, len(headers))
	for name, values := range headers {
		result[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return result
}

// listen adds a port; one that is already served stays as it is.
func (app *application) listen(port int) error {
	if _, served := app.ports.LoadOrStore(port, true); served {
		return nil
	}
	if err := app.serve(fmt.Sprintf(":%d", port)); err != nil {
		return fmt.Errorf("port %d: %w", port, err)
	}
	return nil
}
