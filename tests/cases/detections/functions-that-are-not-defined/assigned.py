import elsewhere

severity = elsewhere.severity
