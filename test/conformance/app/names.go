package main

import (
	"log"
	"net"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// names is the name server of the fabric: IPv4 addresses by name, in tables that are replaced as a whole: one of the
// cluster's Services, one of external hosts. A name that starts with *. answers for every name below it.
type names struct {
	lock   sync.RWMutex
	tables map[string]map[string][][4]byte
}

func newNames() *names { return &names{tables: map[string]map[string][][4]byte{}} }

func (n *names) replace(which string, table map[string][]string) {
	parsed := make(map[string][][4]byte, len(table))
	for name, addresses := range table {
		list := [][4]byte{}
		for _, text := range addresses {
			if address := net.ParseIP(text).To4(); address != nil {
				list = append(list, [4]byte(address))
			}
		}
		parsed[strings.ToLower(name)] = list
	}
	n.lock.Lock()
	defer n.lock.Unlock()
	n.tables[which] = parsed
}

func (n *names) find(name string) ([][4]byte, bool) {
	n.lock.RLock()
	defer n.lock.RUnlock()
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if list, found := n.exact(name); found {
		return list, true
	}
	for rest := name; ; {
		_, parent, more := strings.Cut(rest, ".")
		if !more {
			return nil, false
		}
		if list, found := n.exact("*." + parent); found {
			return list, true
		}
		rest = parent
	}
}

func (n *names) exact(name string) ([][4]byte, bool) {
	for _, table := range n.tables {
		if list, found := table[name]; found {
			return list, true
		}
	}
	return nil, false
}

func (n *names) serve(address string) error {
	conn, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	go func() {
		query := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(query)
			if err != nil {
				log.Fatal(err)
			}
			if answer, err := n.answer(query[:size]); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return nil
}

func (n *names) answer(query []byte) ([]byte, error) {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil, err
	}
	question, err := parser.Question()
	if err != nil {
		return nil, err
	}
	message := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: header.ID, Response: true, Authoritative: true, RecursionDesired: header.RecursionDesired, RecursionAvailable: true,
		},
		Questions: []dnsmessage.Question{question},
	}
	addresses, found := n.find(question.Name.String())
	if !found {
		message.RCode = dnsmessage.RCodeNameError
	} else if question.Type == dnsmessage.TypeA {
		for _, address := range addresses {
			message.Answers = append(message.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET, TTL: 5},
				Body:   &dnsmessage.AResource{A: address},
			})
		}
	}
	return message.Pack()
}
