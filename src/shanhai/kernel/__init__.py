"""What every layer shares: words, money, regions, time, ids, canonical bytes, errors. No I/O."""
