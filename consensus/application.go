package main

import (
	"reflect"
	"time"
	"unsafe"

	abci "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/libs/timer"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
)

// How long checks of transactions are gathered before they are sent to the application together.
const gather = 2 * time.Millisecond

// newNode is node.DefaultNewNode with connections to the application that gather what they send.
func newNode(settings *config.Config, logger log.Logger) (*node.Node, error) {
	key, err := p2p.LoadOrGenNodeKey(settings.NodeKeyFile())
	if err != nil {
		return nil, err
	}
	return node.NewNode(settings,
		privval.LoadOrGenFilePV(settings.PrivValidatorKeyFile(), settings.PrivValidatorStateFile()),
		key,
		gathering{proxy.DefaultClientCreator(settings.ProxyApp, settings.ABCI, settings.DBDir())},
		node.DefaultGenesisDocProviderFunc(settings),
		config.DefaultDBProvider,
		node.DefaultMetricsProvider(settings.Instrumentation),
		logger,
	)
}

type gathering struct{ proxy.ClientCreator }

// NewABCIClient mends the published socket client: it means to flush 20 ms after a request but, for want of a unit, waits
// 20 ns. Every check was followed by a flush of its own, and while the application was busy the timer fired again and
// again and took a whole core. Clients without such a timer (CometBFT's own examples) stay as they are.
func (made gathering) NewABCIClient() (abci.Client, error) {
	client, err := made.ClientCreator.NewABCIClient()
	if err != nil {
		return nil, err
	}
	if field := reflect.ValueOf(client).Elem().FieldByName("flushTimer"); field.IsValid() {
		*(**timer.ThrottleTimer)(unsafe.Pointer(field.UnsafeAddr())) = timer.NewThrottleTimer("application", gather)
	}
	return client, nil
}
