module "network" {
  source = "../../../modules/network"

  name       = "production"
  cidr_block = "10.30.0.0/16"
  zone_count = 3
}

output "vpc_id" {
  description = "For the states that build on this network."
  value       = module.network.vpc_id
}
