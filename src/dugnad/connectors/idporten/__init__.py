"""ID-porten, the Norwegian public sector's eID: a relying party, and a simulator of ID-porten itself."""
