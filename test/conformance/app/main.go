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
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}

func run(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var config Config
	if err := json.Unmarshal(text, &config); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	app := newApplication(config.Identity, config.Behavior)
	for _, port := range config.Ports {
		if err := app.listen(port); err != nil {
			return err
		}
	}
	for _, relay := range config.Relays {
		if err := relay.start(); err != nil {
			return err
		}
	}
	names := newNames()
	if config.DNS != "" {
		if err := names.serve(config.DNS); err != nil {
			return err
		}
	}
	// Last, so that a socket that answers means that all the rest is up.
	return serveAdmin(config.Admin, app, names)
}
