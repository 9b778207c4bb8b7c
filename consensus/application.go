package main

import (
	"context"
	"crypto/sha256"
	"reflect"
	"time"
	"unsafe"

	abci "github.com/cometbft/cometbft/abci/client"
	wire "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/timer"
	"github.com/cometbft/cometbft/proxy"
)

// How long checks of transactions are gathered before they are sent to the application together.
const gather = 2 * time.Millisecond

// connecting makes connections to the application; CometBFT's own examples, in this process, have none and stay as they are.
type connecting struct{ proxy.ClientCreator }

// NewABCIClient mends the published socket client: it means to flush 20 ms after a request but, for want of a unit, waits
// 20 ns. Every check was followed by a flush of its own, and while the application was busy the timer fired again and
// again and took a whole core.
func (made connecting) NewABCIClient() (abci.Client, error) {
	client, err := made.ClientCreator.NewABCIClient()
	if err != nil {
		return nil, err
	}
	field := reflect.ValueOf(client).Elem().FieldByName("flushTimer")
	if !field.IsValid() {
		return client, nil
	}
	*(**timer.ThrottleTimer)(unsafe.Pointer(field.UnsafeAddr())) = timer.NewThrottleTimer("application", gather)
	return &connection{Client: client}, nil
}

// connection answers rechecks itself. After a block the pool asks anew about every act that waits; the application knows
// which of them wait no longer (they entered under another signature, were refused, or are too old), so it is asked for
// those once, with a recheck of no transaction, and not about each.
type connection struct {
	abci.Client
	answered abci.Callback
	asked    bool // since the last flush, with which every round of rechecks ends
	gone     map[[sha256.Size]byte]bool
}

// SetResponseCallback keeps from the pool the answer that it did not ask for.
func (one *connection) SetResponseCallback(answered abci.Callback) {
	one.answered = answered
	one.Client.SetResponseCallback(func(asked *wire.Request, said *wire.Response) {
		if !isRecheck(asked.GetCheckTx()) {
			answered(asked, said)
		}
	})
}

// CheckTxAsync asks the application about a new act, and answers at once about one that waits.
func (one *connection) CheckTxAsync(ctx context.Context, request *wire.RequestCheckTx) (*abci.ReqRes, error) {
	if !isRecheck(request) {
		return one.Client.CheckTxAsync(ctx, request)
	}
	if !one.asked {
		one.asked, one.gone = true, one.ask(ctx)
	}
	said := &wire.ResponseCheckTx{}
	if len(one.gone) > 0 && one.gone[sha256.Sum256(request.Tx)] {
		said.Code = 1
	}
	done := abci.NewReqRes(wire.ToRequestCheckTx(request))
	done.Response = wire.ToResponseCheckTx(said)
	done.Done()
	one.answered(done.Request, done.Response)
	return done, nil
}

// Flush ends a round of rechecks.
func (one *connection) Flush(ctx context.Context) error {
	one.asked = false
	return one.Client.Flush(ctx)
}

// ask returns the SHA-256 of every act that waits no longer. An application that does not answer ends this process.
func (one *connection) ask(ctx context.Context) map[[sha256.Size]byte]bool {
	said, err := one.Client.CheckTx(ctx, &wire.RequestCheckTx{Type: wire.CheckTxType_Recheck})
	if err != nil || said == nil {
		return nil
	}
	gone := make(map[[sha256.Size]byte]bool, len(said.Data)/sha256.Size)
	for rest := said.Data; len(rest) >= sha256.Size; rest = rest[sha256.Size:] {
		gone[[sha256.Size]byte(rest)] = true
	}
	return gone
}

func isRecheck(request *wire.RequestCheckTx) bool {
	return request != nil && request.Type == wire.CheckTxType_Recheck
}
