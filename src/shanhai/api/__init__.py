"""The API under `/api/`: every act and every list, as JSON."""
