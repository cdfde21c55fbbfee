package main

import (
	"context"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
)

// serveAdmin starts the control interface on a Unix socket. Every answer is JSON.
func serveAdmin(path string, app *application, names *names) error {
	_ = os.Remove(path)
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	loads := newLoads()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /identity", func(w http.ResponseWriter, r *http.Request) { answer(w, app.identity) })
	mux.HandleFunc("PUT /behavior", func(w http.ResponseWriter, r *http.Request) {
		if behavior, ok := read[Behavior](w, r); ok {
			app.behavior.Store(behavior)
			answer(w, true)
		}
	})
	mux.HandleFunc("PUT /ports", func(w http.ResponseWriter, r *http.Request) {
		ports, ok := read[[]int](w, r)
		if !ok {
			return
		}
		for _, port := range *ports {
			if err := app.listen(port); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		answer(w, true)
	})
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, r *http.Request) { answer(w, app.counts.report()) })
	mux.HandleFunc("DELETE /counts", func(w http.ResponseWriter, r *http.Request) {
		app.counts.reset()
		app.behavior.Load().restart()
		answer(w, true)
	})
	mux.HandleFunc("GET /recent", func(w http.ResponseWriter, r *http.Request) { answer(w, app.counts.requests()) })
	mux.HandleFunc("POST /request", func(w http.ResponseWriter, r *http.Request) {
		if request, ok := read[Request](w, r); ok {
			fresh := newClients(app.identity.Name)
			defer fresh.close()
			answer(w, fresh.send(r.Context(), *request))
		}
	})
	mux.HandleFunc("POST /load", func(w http.ResponseWriter, r *http.Request) {
		if load, ok := read[Load](w, r); ok {
			ctx, done := loads.begin(r.Context())
			defer done()
			answer(w, load.run(ctx, app.identity.Name))
		}
	})
	mux.HandleFunc("DELETE /loads", func(w http.ResponseWriter, r *http.Request) {
		loads.stop()
		answer(w, true)
	})
	mux.HandleFunc("PUT /names/{table}", func(w http.ResponseWriter, r *http.Request) {
		if table, ok := read[map[string][]string](w, r); ok {
			names.replace(r.PathValue("table"), *table)
			answer(w, true)
		}
	})
	mux.HandleFunc("POST /relays", func(w http.ResponseWriter, r *http.Request) {
		relay, ok := read[Relay](w, r)
		if !ok {
			return
		}
		if err := relay.start(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, true)
	})
	go func() { log.Fatal(http.Serve(listener, mux)) }()
	return nil
}

func read[T any](w http.ResponseWriter, r *http.Request) (*T, bool) {
	value := new(T)
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, false
	}
	return value, true
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Print(err)
	}
}

// loads knows what is running, so that DELETE /loads makes each of them report at once.
type loads struct {
	lock   sync.Mutex
	cancel map[int]context.CancelFunc
	next   int
}

func newLoads() *loads { return &loads{cancel: map[int]context.CancelFunc{}} }

func (l *loads) begin(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	l.lock.Lock()
	defer l.lock.Unlock()
	id := l.next
	l.next++
	l.cancel[id] = cancel
	return ctx, func() {
		l.lock.Lock()
		defer l.lock.Unlock()
		delete(l.cancel, id)
		cancel()
	}
}

func (l *loads) stop() {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, cancel := range l.cancel {
		cancel()
	}
}
