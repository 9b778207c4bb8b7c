package main

import (
	"reflect"
	"sync"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/clist"
	"github.com/cometbft/cometbft/libs/log"
	mempl "github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/p2p"
	pb "github.com/cometbft/cometbft/proto/tendermint/mempool"
	"github.com/cometbft/cometbft/types"
)

const (
	// How long acts that were handed in here are gathered before every peer is told of them together.
	together = 20 * time.Millisecond
	// How often a peer is told what others brought and what waits since the last time: longer than a block takes.
	later = 2 * time.Second
	// Acts that came from peers are remembered until so many have come since.
	remembered = 50_000
)

// gossip tells peers what waits. Every organisation is linked to every other, so a node passes on at once only what was
// handed in to it; what a peer brought reaches the rest from that peer, and is passed on only if it still waits a while
// after, for a link may be cut. As published, each of four nodes told every other: nine messages an act instead of three.
type gossip struct {
	*mempl.Reactor
	pool *mempl.CListMempool
	most int // bytes of acts in a message

	lock          sync.Mutex
	brought, last map[types.TxKey]p2p.ID // who brought an act, in two generations
}

func newGossip(settings *config.MempoolConfig, pool *mempl.CListMempool, logger log.Logger) *gossip {
	made := &gossip{Reactor: mempl.NewReactor(settings, pool), pool: pool, most: settings.MaxTxBytes / 2}
	made.brought, made.last = map[types.TxKey]p2p.ID{}, map[types.TxKey]p2p.ID{}
	made.SetLogger(logger.With("module", "mempool"))
	return made
}

// Receive notes who brought which acts and gives them to the pool.
func (one *gossip) Receive(envelope p2p.Envelope) {
	if said, ok := envelope.Message.(*pb.Txs); ok && envelope.Src != nil {
		one.note(said.GetTxs(), envelope.Src.ID())
	}
	one.Reactor.Receive(envelope)
}

func (one *gossip) note(txs [][]byte, from p2p.ID) {
	one.lock.Lock()
	defer one.lock.Unlock()
	if len(one.brought) > remembered {
		one.brought, one.last = map[types.TxKey]p2p.ID{}, one.brought
	}
	for _, tx := range txs {
		one.brought[types.Tx(tx).Key()] = from
	}
}

// from returns who brought an act, "" if it was handed in here.
func (one *gossip) from(tx types.Tx) p2p.ID {
	key := tx.Key()
	one.lock.Lock()
	defer one.lock.Unlock()
	if who, ok := one.brought[key]; ok {
		return who
	}
	return one.last[key]
}

// AddPeer begins to tell a peer.
func (one *gossip) AddPeer(peer p2p.Peer) {
	go one.tell(peer)
	go one.remind(peer)
}

// tell passes on what was handed in here, a moment later and together.
func (one *gossip) tell(peer p2p.Peer) {
	var at *clist.CElement
	for one.wait(peer, one.after(at)) && one.pause(peer, together) {
		var acts [][]byte
		if at == nil || at.Removed() && at.Next() == nil {
			at = nil
		}
		for next := one.next(at); next != nil; next = next.Next() {
			at = next
			if tx := held(at); !at.Removed() && one.from(tx) == "" {
				acts = append(acts, tx)
			}
		}
		one.send(peer, acts)
	}
}

// after returns what is closed once an act stands behind one in the pool.
func (one *gossip) after(at *clist.CElement) <-chan struct{} {
	if at == nil || at.Removed() && at.Next() == nil {
		return one.pool.TxsWaitChan()
	}
	return at.NextWaitChan()
}

func (one *gossip) next(at *clist.CElement) *clist.CElement {
	if at == nil {
		return one.pool.TxsFront()
	}
	return at.Next()
}

// remind passes on what others brought and what still waits at the second look.
func (one *gossip) remind(peer p2p.Peer) {
	seen := map[*clist.CElement]bool{} // true once it was passed on
	for one.pause(peer, later) {
		var acts [][]byte
		now := make(map[*clist.CElement]bool, len(seen))
		for at := one.pool.TxsFront(); at != nil; at = at.Next() {
			told, known := seen[at]
			if known && !told {
				if who := one.from(held(at)); who != "" && who != peer.ID() {
					acts = append(acts, held(at))
				}
			}
			now[at] = known
		}
		seen = now
		one.send(peer, acts)
	}
}

// send tells a peer of acts, in as few messages as may be; it waits while the peer is busy.
func (one *gossip) send(peer p2p.Peer, acts [][]byte) {
	for len(acts) > 0 && one.IsRunning() && peer.IsRunning() {
		count, size := 1, len(acts[0])
		for count < len(acts) && size+len(acts[count]) <= one.most {
			size += len(acts[count])
			count++
		}
		if peer.Send(p2p.Envelope{ChannelID: mempl.MempoolChannel, Message: &pb.Txs{Txs: acts[:count]}}) {
			acts = acts[count:]
		} else if !one.pause(peer, together) {
			return
		}
	}
}

// wait returns once a channel is closed, false if peer or node ended.
func (one *gossip) wait(peer p2p.Peer, until <-chan struct{}) bool {
	select {
	case <-until:
		return true
	case <-peer.Quit():
	case <-one.Quit():
	}
	return false
}

// pause waits a while and until the peer has all blocks but one or two, false if peer or node ended.
func (one *gossip) pause(peer p2p.Peer, long time.Duration) bool {
	for {
		clock := time.NewTimer(long)
		select {
		case <-clock.C:
		case <-peer.Quit():
			clock.Stop()
			return false
		case <-one.Quit():
			clock.Stop()
			return false
		}
		front := one.pool.TxsFront()
		state, ok := peer.Get(types.PeerStateKey).(interface{ GetHeight() int64 })
		if front == nil || ok && state.GetHeight() >= front.Value.(interface{ Height() int64 }).Height()-1 {
			return true
		}
	}
}

// held returns the act of a place in the pool; its type is CometBFT's own affair, its bytes may be read.
func held(at *clist.CElement) types.Tx {
	return reflect.ValueOf(at.Value).Elem().FieldByName("tx").Bytes()
}
