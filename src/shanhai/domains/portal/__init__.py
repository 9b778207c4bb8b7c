"""What the public pages read: provinces and pairs, figures, money by stage, notices. No tables of its own."""
