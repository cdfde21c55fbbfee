package main

import (
	"io"
	"log"
	"net"
	"os"
)

// Relay carries every connection to a Unix socket on to a TCP address of this process's network namespace.
type Relay struct {
	Unix string `json:"unix"`
	TCP  string `json:"tcp"`
}

func (r Relay) start() error {
	_ = os.Remove(r.Unix)
	listener, err := net.Listen("unix", r.Unix)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go r.carry(conn.(*net.UnixConn))
		}
	}()
	return nil
}

func (r Relay) carry(near *net.UnixConn) {
	defer near.Close()
	conn, err := net.Dial("tcp", r.TCP)
	if err != nil {
		return
	}
	far := conn.(*net.TCPConn)
	defer far.Close()
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.CloseWrite()
		close(done)
	}()
	_, _ = io.Copy(near, far)
	_ = near.CloseWrite()
	<-done
}
