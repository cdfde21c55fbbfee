// Command app is every program of the conformance stack that is not a judge: the application in each pod, with its
// server, its client and its faults, and the name server and relays of the fabric.
//
//	app CONFIG.json
//
// Each section of the configuration starts one part; all parts stop with the process.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

// Config is the file given on the command line.
type Config struct {
	// Admin is the path of the Unix socket of the control interface. Unix sockets cross network namespaces, so the
	// test process talks to every namespace without joining it and without passing iptables.
	Admin string `json:"admin"`
	// Identity is what the application says about itself in every answer.
	Identity Identity `json:"identity"`
	// Ports the application listens on, each for HTTP/1.1, HTTP/2 without TLS, gRPC and the line protocol.
	Ports []int `json:"ports"`
	// Behavior at start; replaced by PUT /behavior.
	Behavior Behavior `json:"behavior"`
	// Once makes the application a job: it makes the calls of its behavior, and exits with 1 when one fails.
	Once bool `json:"once"`
	// Relays carry a Unix socket into this namespace.
	Relays []Relay `json:"relays"`
	// DNS is the address, such as 10.201.0.1:53, of the name server; empty for none.
	DNS string `json:"dns"`
}

// Identity names a running application.
type Identity struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Pod       string `json:"pod"`
	Namespace string `json:"namespace"`
}

func main() {
	log.SetFlags(log.Lmicroseconds)
	if len(os.Args) != 2 {
		log.Fatal("usage: app CONFIG.json")
	}
	finish, err := run(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if finish != nil {
		os.Exit(finish())
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}

// run starts all parts. A job is returned as what remains to be done.
func run(path string) (func() int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var config Config
	if err := json.Unmarshal(text, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	app := newApplication(config.Identity, config.Behavior)
	for _, port := range config.Ports {
		if err := app.listen(port); err != nil {
			return nil, err
		}
	}
	for _, relay := range config.Relays {
		if err := relay.start(); err != nil {
			return nil, err
		}
	}
	names := newNames()
	if config.DNS != "" {
		if err := names.serve(config.DNS); err != nil {
			return nil, err
		}
	}
	// Last, so that a socket that answers means that all the rest is up.
	if err := serveAdmin(config.Admin, app, names); err != nil {
		return nil, err
	}
	if config.Once {
		return app.finish, nil
	}
	return nil, nil
}
