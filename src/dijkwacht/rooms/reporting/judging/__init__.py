"""What was made of an incident: judged, not reported, handed over, or found to be like another."""
