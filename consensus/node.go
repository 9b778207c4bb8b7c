package main

import (
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	mempl "github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
)

// newNode is node.DefaultNewNode with connections and gossip of our own; CometBFT's example applications run as published.
func newNode(settings *config.Config, logger log.Logger) (*node.Node, error) {
	if settings.ProxyApp == "kvstore" {
		return node.DefaultNewNode(settings, logger)
	}
	key, err := p2p.LoadOrGenNodeKey(settings.NodeKeyFile())
	if err != nil {
		return nil, err
	}
	return node.NewNode(settings,
		privval.LoadOrGenFilePV(settings.PrivValidatorKeyFile(), settings.PrivValidatorStateFile()),
		key,
		connecting{proxy.DefaultClientCreator(settings.ProxyApp, settings.ABCI, settings.DBDir())},
		node.DefaultGenesisDocProviderFunc(settings),
		config.DefaultDBProvider,
		node.DefaultMetricsProvider(settings.Instrumentation),
		logger,
		func(made *node.Node) {
			pool, ok := made.Mempool().(*mempl.CListMempool)
			if ok {
				node.CustomReactors(map[string]p2p.Reactor{"MEMPOOL": newGossip(settings.Mempool, pool, logger)})(made)
			}
		},
	)
}
